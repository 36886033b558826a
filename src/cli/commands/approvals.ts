import { Argument, Command, InvalidArgumentError, Option } from "commander";
import type {
  ApprovalPage,
  ApprovalView,
  ShadowQuery,
  ShadowReport,
} from "../../client/shapes/approval.ts";
import { APPROVAL_STATES, type ApprovalState } from "../../core/approval/approval.ts";
import { PRESETS } from "../../core/approval/policy.ts";
import { shorten } from "../../core/shorten.ts";
import { withRuntime } from "../connect.ts";
import { formatInstant } from "../format-instant.ts";
import { formatTable } from "../format-table.ts";
import { limitOption } from "../limit-option.ts";
import { printJson, printText } from "../print.ts";

const LONGEST_LINE = 60;
const LONGEST_TITLE = 30;

export function approvalsCommand(): Command {
  return new Command("approvals")
    .description("Calls of tools that a person is asked about.")
    .addCommand(
      new Command("list")
        .description("Print approvals, the newest first.")
        .addOption(new Option("--state <state>", "only these").choices(APPROVAL_STATES))
        .option("--context <id>", "only of this conversation")
        .option("--workspace <id>", "only of this workspace")
        .addOption(limitOption(500))
        .option("--cursor <cursor>", "go on after the page before")
        .option("--json", "print JSON")
        .action(listApprovals),
    )
    .addCommand(
      new Command("show")
        .description("Print one with its whole arguments and what was decided.")
        .addArgument(idArgument())
        .option("--json", "print JSON")
        .action(showApproval),
    )
    .addCommand(
      new Command("approve")
        .description("Let the call be made, exactly as shown; it is made by itself.")
        .addArgument(idArgument())
        .option("--note <note>", "goes to the record")
        .action((id: string, { note }: { note?: string }) => decide(id, true, note)),
    )
    .addCommand(
      new Command("deny")
        .description("Refuse the call; the work goes on without it.")
        .addArgument(idArgument())
        .option("--reason <reason>", "told to the model, and kept in the record")
        .action((id: string, { reason }: { reason?: string }) => decide(id, false, reason)),
    )
    .addCommand(shadowCommand());
}

function shadowCommand(): Command {
  return new Command("shadow")
    .description("Print what another preset would have asked about in the last days.")
    .addOption(
      new Option("--preset <preset>", "what is asked about").choices(PRESETS).makeOptionMandatory(),
    )
    .addOption(new Option("--days <days>", "1 to 90").argParser(readDays).default(7))
    .option("--json", "print JSON")
    .action(printShadow);
}

function idArgument(): Argument {
  return new Argument("<id>", "its whole id");
}

function readDays(text: string): number {
  const days = Number(text);
  if (!/^\d{1,2}$/u.test(text) || days < 1 || days > 90) {
    throw new InvalidArgumentError("Give a whole number from 1 to 90.");
  }
  return days;
}

interface ListOptions {
  readonly state?: ApprovalState;
  readonly context?: string;
  readonly workspace?: string;
  readonly limit: number;
  readonly cursor?: string;
  readonly json?: boolean;
}

async function listApprovals(options: ListOptions): Promise<void> {
  const { json = false, context, workspace, ...rest } = options;
  const query = {
    ...rest,
    ...(context === undefined ? {} : { context_id: context }),
    ...(workspace === undefined ? {} : { workspace_id: workspace }),
  };
  const page = await withRuntime((runtime) => runtime.listApprovals(query));
  if (json) printJson(page);
  else printText(formatPage(page));
}

function formatPage({ items, next_cursor }: ApprovalPage): string {
  if (items.length === 0) return "There are no such approvals.";
  const table = formatTable([
    ["ID", "STATE", "TOOL", "WHAT", "FOR", "UNTIL"],
    ...items.map((item) => [
      item.id,
      item.state,
      item.tool,
      quoted(item.line, LONGEST_LINE),
      quoted(item.requested_by, LONGEST_TITLE),
      formatInstant(item.expires_at),
    ]),
  ]);
  return next_cursor === null ? table : `${table}\nThere are more: --cursor ${next_cursor}`;
}

/** A model, or whoever wrote to it, chose the words. */
function quoted(text: string, longest: number): string {
  return text === "" ? "" : JSON.stringify(shorten(text, longest));
}

async function showApproval(id: string, { json = false }: { json?: boolean }): Promise<void> {
  const approval = await withRuntime((runtime) => runtime.showApproval(id));
  if (json) printJson(approval);
  else printText(describeApproval(approval));
}

function describeApproval(approval: ApprovalView): string {
  const sources = approval.tainted_by.map((source) => `  ${JSON.stringify(source)}`);
  return [
    `${approval.id}: ${JSON.stringify(approval.in_words)}`,
    `Tool: ${approval.tool} (${approval.tool_class}, ${approval.sensitivity})`,
    `What: ${JSON.stringify(approval.line)}`,
    `For: ${JSON.stringify(approval.requested_by)}, in ${approval.connector} ${approval.context_id}`,
    ...(approval.is_repeat ? ["It may have happened already: the runtime ended during it."] : []),
    ...(sources.length === 0 ? [] : ["It has read what others wrote:", ...sources]),
    "Arguments:",
    JSON.stringify(approval.arguments, null, 2),
  ].join("\n");
}

async function decide(id: string, approved: boolean, note: string | undefined): Promise<void> {
  const request = note === undefined ? { approved } : { approved, note };
  const done = await withRuntime((runtime) => runtime.decideApproval(id, request));
  const wait =
    done.execution === "delayed"
      ? ` Until it is sent, /cancel ${done.id} in a chat takes it back.`
      : "";
  printText(`${done.id} is ${done.state}.${wait}`);
}

async function printShadow({
  json = false,
  ...query
}: ShadowQuery & { readonly json?: boolean }): Promise<void> {
  const report = await withRuntime((runtime) => runtime.shadowApprovals(query));
  if (json) printJson(report);
  else printText(formatShadow(report));
}

function formatShadow({ total, by_tool, by_context, is_cut, preset, days }: ShadowReport): string {
  const time = days === 1 ? "the last day" : `the last ${days} days`;
  if (total.calls === 0) return `No tool was called in ${time}.`;
  const row = (name: string, count: ShadowReport["total"]): string[] => [
    name,
    String(count.calls),
    String(count.would_ask),
    String(count.would_allow),
    String(count.would_refuse),
    String(count.cannot_judge),
    String(count.was_asked),
  ];
  const table = formatTable([
    ["", "CALLS", "WOULD ASK", "WOULD ALLOW", "WOULD REFUSE", "CANNOT JUDGE", "WAS ASKED"],
    row("all", total),
    ...by_tool.map((one) => row(one.tool, one)),
    ...by_context.map((one) =>
      row(`${one.context_id} ${quoted(one.context_title, LONGEST_TITLE)}`, one),
    ),
  ]);
  const cut = is_cut ? "\nThere were more calls: these are the newest." : "";
  return `Under ${preset}, ${time}:\n${table}${cut}`;
}
