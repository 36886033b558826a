import { Argument, Command } from "commander";
import type { ContextPage, ContextView } from "../../client/shapes/context.ts";
import { withRuntime } from "../connect.ts";
import { formatTable } from "../format-table.ts";
import { limitOption } from "../limit-option.ts";
import { printJson, printText } from "../print.ts";

interface ListOptions {
  readonly workspace?: string;
  readonly limit: number;
  readonly cursor?: string;
  readonly json?: boolean;
}

export function contextsCommand(): Command {
  return new Command("contexts")
    .description("Conversations, and what holds in them.")
    .addCommand(
      new Command("list")
        .description("Print conversations and their ids.")
        .option("--workspace <id>", "only those of this workspace")
        .addOption(limitOption(500))
        .option("--cursor <cursor>", "go on after the page before")
        .option("--json", "print JSON")
        .action(listContexts),
    )
    .addCommand(
      new Command("reset")
        .description("Take away what admins set: admin channel, prompt, settings.")
        .addArgument(
          new Argument("<context>", "its id, or a unique tail of six characters or more"),
        )
        .action(resetContext),
    );
}

async function resetContext(id: string): Promise<void> {
  const { context_id, title } = await withRuntime((runtime) => runtime.resetContext(id));
  printText(`Nothing is set any more in ${title === "" ? "it" : title} (${context_id}).`);
}

async function listContexts({ json = false, workspace, ...page }: ListOptions): Promise<void> {
  const query = { ...page, ...(workspace === undefined ? {} : { workspace_id: workspace }) };
  const found = await withRuntime((runtime) => runtime.listContexts(query));
  if (json) printJson(found);
  else printText(formatPage(found));
}

function formatPage({ items, next_cursor }: ContextPage): string {
  if (items.length === 0) return "There are no more.";
  const table = formatTable([
    ["CONTEXT", "WORKSPACE", "PLACE", "HOLDS", "TITLE"],
    ...items.map((context) => [
      context.id,
      context.workspace_id,
      `${context.connector} ${context.external_id}`,
      settingsOf(context),
      context.title,
    ]),
  ]);
  return next_cursor === null ? table : `${table}\nThere are more: --cursor ${next_cursor}`;
}

/** What is set there, in a few words. */
function settingsOf({
  supervises,
  is_asleep,
  addressing,
  is_triaged,
  has_prompt,
}: ContextView): string {
  const asleep = is_asleep ? " (asleep: its person is no admin)" : "";
  const words = [
    ...(supervises === "hub" ? [`hub${asleep}`] : []),
    ...(supervises === "workspace" ? [`admin channel${asleep}`] : []),
    ...(addressing === null ? [] : [`addressing ${addressing}`]),
    ...(is_triaged ? ["triage"] : []),
    ...(has_prompt ? ["prompt"] : []),
  ];
  return words.length === 0 ? "-" : words.join(", ");
}
