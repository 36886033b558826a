import { Argument, Command, Option } from "commander";
import { ROLES, type Role } from "../../core/access/role.ts";
import { withRuntime } from "../connect.ts";
import { formatInstant } from "../format-instant.ts";
import { formatTable } from "../format-table.ts";
import { printJson, printText } from "../print.ts";

export function pairingCommand(): Command {
  return new Command("pairing")
    .description("People who ask to be let in.")
    .addCommand(
      new Command("list")
        .description("Print the pending requests.")
        .option("--json", "print JSON")
        .action(listPairings),
    )
    .addCommand(
      new Command("approve")
        .description("Let a person in.")
        .addArgument(codeArgument())
        .addOption(
          new Option("--role <role>", "what the person may do").choices(ROLES).default("member"),
        )
        .action(approvePairing),
    )
    .addCommand(
      new Command("deny")
        .description("Turn a person away.")
        .addArgument(codeArgument())
        .option("--reason <reason>", "goes to the record")
        .action(denyPairing),
    )
    .addCommand(
      new Command("link")
        .description("Print a one-time link that pairs your own Telegram account as the owner.")
        .action(printLink),
    );
}

function codeArgument(): Argument {
  return new Argument("<code>", "what the person was shown by /pair");
}

async function listPairings({ json = false }: { json?: boolean }): Promise<void> {
  const list = await withRuntime((runtime) => runtime.listPairings());
  if (json) return printJson(list);
  if (list.items.length === 0) return printText("Nobody is waiting.");
  printText(
    formatTable([
      ["CODE BEGINS", "WHO", "WHERE", "UNTIL"],
      ...list.items.map((item) => [
        `${item.token_hint}…`,
        item.display_name || item.connector_user_id,
        item.connector,
        formatInstant(item.expires_at),
      ]),
    ]),
  );
}

async function printLink(): Promise<void> {
  const { url } = await withRuntime((runtime) => runtime.createPairingLink());
  printText(`${url} (works once, for 10 minutes)`);
}

async function approvePairing(code: string, { role }: { role: Role }): Promise<void> {
  const done = await withRuntime((runtime) => runtime.approvePairing({ code, role }));
  printText(`${done.display_name || "This person"} is paired as ${done.role}.`);
}

async function denyPairing(code: string, { reason }: { reason?: string }): Promise<void> {
  const request = reason === undefined ? { code } : { code, reason };
  const done = await withRuntime((runtime) => runtime.denyPairing(request));
  printText(`${done.display_name || "This person"} was turned away.`);
}
