import { Argument, Command, Option } from "commander";
import type { DeadLetterPage } from "../../client/shapes/dead-letter.ts";
import { JOB_KINDS, type JobKind } from "../../core/job/job.ts";
import { withRuntime } from "../connect.ts";
import { formatInstant } from "../format-instant.ts";
import { formatTable } from "../format-table.ts";
import { limitOption } from "../limit-option.ts";
import { printJson, printText } from "../print.ts";

interface ListOptions {
  readonly kind?: JobKind;
  readonly limit: number;
  readonly cursor?: string;
  readonly json?: boolean;
}

export function deadLettersCommand(): Command {
  return new Command("dead-letters")
    .description("Work of every kind that was given up and kept.")
    .addCommand(
      new Command("list")
        .description("Print dead letters, the newest first, and what to do about each.")
        .addOption(new Option("--kind <kind>", "only these").choices(JOB_KINDS))
        .addOption(limitOption(200))
        .option("--cursor <cursor>", "go on after the page before")
        .option("--json", "print JSON")
        .action(listDeadLetters),
    )
    .addCommand(
      new Command("replay")
        .description("Do the work again.")
        .addArgument(idArgument())
        .action(async (id: string) => {
          const done = await withRuntime((runtime) => runtime.replayDeadLetter(id));
          printText(`${done.job_id} (${done.kind}) is done again.`);
        }),
    )
    .addCommand(
      new Command("drop")
        .description("Give the work up for good.")
        .addArgument(idArgument())
        .option("--reason <reason>", "goes to the delivery, when it is one")
        .action(dropDeadLetter),
    );
}

function idArgument(): Argument {
  return new Argument("<id>", "the id of its job, or a unique tail of six characters or more");
}

async function listDeadLetters({ json = false, ...query }: ListOptions): Promise<void> {
  const page = await withRuntime((runtime) => runtime.listDeadLetters(query));
  if (json) printJson(page);
  else printText(formatPage(page));
}

function formatPage({ items, next_cursor }: DeadLetterPage): string {
  if (items.length === 0) return "There are no dead letters.";
  const blocks = items.map((item) => {
    const head = [item.id, item.kind, item.about, formatInstant(item.created_at)];
    const lines = [formatTable([head.filter((part) => part !== "")])];
    if (item.error !== "") lines.push(`  error: ${item.error}`);
    return [...lines, `  ${item.advice}`].join("\n");
  });
  const more = next_cursor === null ? [] : [`There are more: --cursor ${next_cursor}`];
  return [...blocks, ...more].join("\n");
}

async function dropDeadLetter(id: string, { reason }: { reason?: string }): Promise<void> {
  const request = reason === undefined ? { job_id: id } : { job_id: id, reason };
  const done = await withRuntime((runtime) => runtime.dropDeadLetter(request));
  printText(`${done.job_id} (${done.kind}) is dropped.`);
}
