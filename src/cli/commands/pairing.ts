import { Argument, Command, InvalidArgumentError, Option } from "commander";
import type { PairingPage, PairingView, StartPairingRequest } from "../../client/shapes/pairing.ts";
import { nameRequester } from "../../core/access/pairing-name.ts";
import { ROLES, type Role } from "../../core/access/role.ts";
import { withRuntime } from "../connect.ts";
import { formatInstant } from "../format-instant.ts";
import { formatTable } from "../format-table.ts";
import { limitOption } from "../limit-option.ts";
import { printJson, printText } from "../print.ts";

export function pairingCommand(): Command {
  return new Command("pairing")
    .description("People who ask to be let in.")
    .addCommand(
      new Command("list")
        .description("Print the pending requests, the oldest first.")
        .addOption(limitOption(500))
        .option("--cursor <cursor>", "go on after the page before")
        .option("--json", "print JSON")
        .action(listPairings),
    )
    .addCommand(startCommand())
    .addCommand(
      new Command("lookup")
        .description("Print what has become of a code.")
        .addArgument(codeArgument())
        .option("--json", "print JSON")
        .action(lookupPairing),
    )
    .addCommand(
      new Command("approve")
        .description("Let a person in, as a member unless you say another role.")
        .addArgument(codeArgument())
        .addOption(new Option("--role <role>", "what the person may do").choices(ROLES))
        .option("--target-user-id <id>", "the person is this user, who is there already")
        .action(approvePairing),
    )
    .addCommand(
      new Command("deny")
        .description("Turn a person away.")
        .addArgument(codeArgument())
        .option("--reason <reason>", "told to the person, and kept in the record")
        .action(denyPairing),
    )
    .addCommand(
      new Command("link")
        .description("Print a one-time link that pairs your own Telegram account as the owner.")
        .action(printLink),
    );
}

function startCommand(): Command {
  return new Command("start")
    .description("Ask for somebody else, and print the code.")
    .addOption(
      new Option("--connector <name>", "where they write")
        .choices(["telegram", "discord"])
        .default("telegram"),
    )
    .requiredOption("--connector-user-id <id>", "the number the platform knows them by")
    .requiredOption("--display-name <name>", "how to call them")
    .addOption(new Option("--expires-in-sec <seconds>", "at most 600").argParser(readSeconds))
    .action(startPairing);
}

function codeArgument(): Argument {
  return new Argument("<code>", "what the person was shown by /pair");
}

function readSeconds(text: string): number {
  if (!/^[1-9]\d{0,8}$/u.test(text)) throw new InvalidArgumentError("Give whole seconds.");
  return Number(text);
}

interface ListOptions {
  readonly limit: number;
  readonly cursor?: string;
  readonly json?: boolean;
}

async function listPairings({ json = false, ...query }: ListOptions): Promise<void> {
  const page = await withRuntime((runtime) => runtime.listPairings(query));
  if (json) printJson(page);
  else printText(formatPage(page, query.cursor !== undefined));
}

function formatPage({ items, next_cursor }: PairingPage, isLater: boolean): string {
  if (items.length === 0) return isLater ? "There are no more." : "Nobody is waiting.";
  const table = formatTable([
    ["CODE BEGINS", "WHO", "CALLED", "SINCE", "UNTIL"],
    ...items.map((item) => [
      `${item.token_hint}…`,
      `${item.connector} ${item.connector_user_id}`,
      item.display_name,
      formatInstant(item.created_at),
      formatInstant(item.expires_at),
    ]),
  ]);
  return next_cursor === null ? table : `${table}\nThere are more: --cursor ${next_cursor}`;
}

interface StartOptions {
  readonly connector: StartPairingRequest["connector"];
  readonly connectorUserId: string;
  readonly displayName: string;
  readonly expiresInSec?: number;
}

async function startPairing(options: StartOptions): Promise<void> {
  const { connector, connectorUserId, displayName, expiresInSec } = options;
  const started = await withRuntime((runtime) =>
    runtime.startPairing({
      connector,
      connector_user_id: connectorUserId,
      display_name: displayName,
      ...(expiresInSec === undefined ? {} : { expires_in_sec: expiresInSec }),
    }),
  );
  printText(
    `${started.token} is for ${nameOf(started)}, until ${formatInstant(started.expires_at)}.`,
  );
}

async function lookupPairing(code: string, { json = false }: { json?: boolean }): Promise<void> {
  const found = await withRuntime((runtime) => runtime.lookupPairing(code));
  if (json) return printJson(found);
  const more = [
    `asked ${formatInstant(found.created_at)}`,
    found.approved_user_id && `is ${found.approved_user_id}`,
    found.approver_user_id && `decided by ${found.approver_user_id}`,
    found.denied_reason && `reason: ${found.denied_reason}`,
    found.expired_reason,
    found.status === "pending" && `until ${formatInstant(found.expires_at)}`,
  ].filter(Boolean);
  printText(`${nameOf(found)}: ${[found.status, ...more].join(", ")}.`);
}

async function printLink(): Promise<void> {
  const { url } = await withRuntime((runtime) => runtime.createPairingLink());
  printText(`${url} (works once, for 10 minutes)`);
}

async function approvePairing(
  code: string,
  { role, targetUserId }: { role?: Role; targetUserId?: string },
): Promise<void> {
  const request = {
    token: code,
    ...(role === undefined ? {} : { role }),
    ...(targetUserId === undefined ? {} : { target_user_id: targetUserId }),
  };
  const done = await withRuntime((runtime) => runtime.approvePairing(request));
  printText(`${nameOf(done)} is paired as ${done.role}.`);
}

async function denyPairing(code: string, { reason }: { reason?: string }): Promise<void> {
  const request = reason === undefined ? { token: code } : { token: code, reason };
  const done = await withRuntime((runtime) => runtime.denyPairing(request));
  printText(`${nameOf(done)} was turned away.`);
}

function nameOf(
  one: Pick<PairingView, "connector" | "connector_user_id" | "display_name">,
): string {
  return nameRequester({
    connector: one.connector,
    externalUserId: one.connector_user_id,
    displayName: one.display_name,
  });
}
