import { Argument, Command, Option } from "commander";
import type { DeliveryPage } from "../../client/shapes/delivery.ts";
import { DELIVERY_STATES, type DeliveryState } from "../../core/delivery/delivery.ts";
import { shorten } from "../../core/shorten.ts";
import { withRuntime } from "../connect.ts";
import { formatInstant } from "../format-instant.ts";
import { formatTable } from "../format-table.ts";
import { limitOption } from "../limit-option.ts";
import { printJson, printText } from "../print.ts";

const LONGEST_TITLE = 30;

interface ListOptions {
  readonly state?: DeliveryState;
  readonly limit: number;
  readonly cursor?: string;
  readonly json?: boolean;
}

export function deliveriesCommand(): Command {
  return new Command("deliveries")
    .description("Replies on their way, and those that could not be delivered.")
    .addCommand(
      new Command("list")
        .description("Print deliveries, the newest first.")
        .addOption(new Option("--state <state>", "only these").choices(DELIVERY_STATES))
        .addOption(limitOption(500))
        .option("--cursor <cursor>", "go on after the page before")
        .option("--json", "print JSON")
        .action(listDeliveries),
    )
    .addCommand(
      new Command("replay")
        .description("Send a dead delivery again.")
        .addArgument(idArgument())
        .action(replayDelivery),
    )
    .addCommand(
      new Command("drop")
        .description("Give a dead delivery up for good.")
        .addArgument(idArgument())
        .option("--reason <reason>", "goes to the record")
        .action(dropDelivery),
    );
}

function idArgument(): Argument {
  return new Argument("<id>", "its id, or a unique tail of six characters or more");
}

async function listDeliveries({ json = false, ...query }: ListOptions): Promise<void> {
  const page = await withRuntime((runtime) => runtime.listDeliveries(query));
  if (json) printJson(page);
  else printText(formatPage(page));
}

function formatPage({ items, next_cursor }: DeliveryPage): string {
  if (items.length === 0) return "There are no such deliveries.";
  const table = formatTable([
    ["ID", "STATE", "CREATED", "TO", "CALLED", "ERROR"],
    ...items.map((item) => [
      item.id,
      item.state,
      formatInstant(item.created_at),
      `${item.connector} ${item.external_id}`,
      quoted(item.context_title),
      item.error,
    ]),
  ]);
  return next_cursor === null ? table : `${table}\nThere are more: --cursor ${next_cursor}`;
}

/** Whoever named the chat chose the words: quoted, and no longer than leaves room for the rest. */
function quoted(title: string): string {
  return title === "" ? "" : JSON.stringify(shorten(title, LONGEST_TITLE));
}

async function replayDelivery(id: string): Promise<void> {
  const done = await withRuntime((runtime) => runtime.replayDelivery(id));
  const mark = done.state === "unknown" ? " What may have arrived already is marked." : "";
  printText(`${done.delivery_id} is sent again.${mark}`);
}

async function dropDelivery(id: string, { reason }: { reason?: string }): Promise<void> {
  const request = reason === undefined ? { delivery_id: id } : { delivery_id: id, reason };
  const done = await withRuntime((runtime) => runtime.dropDelivery(request));
  printText(`${done.delivery_id} is dropped.`);
}
