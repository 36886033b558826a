import { Argument, Command, Option } from "commander";
import type { KeyView } from "../../client/shapes/key.ts";
import { ROLES, type Role } from "../../core/access/role.ts";
import { withRuntime } from "../connect.ts";
import { formatInstant } from "../format-instant.ts";
import { formatTable } from "../format-table.ts";
import { printJson, printText } from "../print.ts";

export function keysCommand(): Command {
  return new Command("keys")
    .description("Keys for programs that use the API.")
    .addCommand(
      new Command("list")
        .description("Print the keys, without their secrets.")
        .option("--json", "print JSON")
        .action(listKeys),
    )
    .addCommand(
      new Command("create")
        .description("Make a key and print it, this once.")
        .requiredOption("--name <name>", "what it is for")
        .addOption(
          new Option("--role <role>", "what it may do").choices(ROLES).makeOptionMandatory(),
        )
        .option("--json", "print JSON")
        .action(createKey),
    )
    .addCommand(
      new Command("revoke")
        .description("End a key at once.")
        .addArgument(new Argument("<id>", "its id, or a unique tail of six characters or more"))
        .action(revokeKey),
    );
}

async function listKeys({ json = false }: { json?: boolean }): Promise<void> {
  const list = await withRuntime((runtime) => runtime.listKeys());
  if (json) return printJson(list);
  if (list.items.length === 0) return printText("There are no keys but the admin token.");
  printText(
    formatTable([
      ["ID", "BEGINS", "ROLE", "STATE", "LAST USED", "NAME"],
      ...list.items.map((item) => [
        item.id,
        `${item.prefix}…`,
        item.role,
        item.status,
        lastUsed(item),
        item.name,
      ]),
    ]),
  );
}

function lastUsed({ last_used_at }: KeyView): string {
  return last_used_at === null ? "never" : formatInstant(last_used_at);
}

interface CreateOptions {
  readonly name: string;
  readonly role: Role;
  readonly json?: boolean;
}

async function createKey({ name, role, json = false }: CreateOptions): Promise<void> {
  const created = await withRuntime((runtime) => runtime.createKey({ name, role }));
  if (json) return printJson(created);
  printText(created.key);
  printText(`This is shown once. ${created.id} has the role ${created.role}.`);
}

async function revokeKey(id: string): Promise<void> {
  const { name, prefix } = await withRuntime((runtime) => runtime.revokeKey(id));
  printText(`${name} (${prefix}…) is revoked.`);
}
