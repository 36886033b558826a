import { Argument, Command, Option } from "commander";
import type { KeyPage, KeyView } from "../../client/shapes/key.ts";
import { ROLES, type Role } from "../../core/access/role.ts";
import { withRuntime } from "../connect.ts";
import { formatInstant } from "../format-instant.ts";
import { formatTable } from "../format-table.ts";
import { limitOption } from "../limit-option.ts";
import { printJson, printText } from "../print.ts";

export function keysCommand(): Command {
  return new Command("keys")
    .description("Keys for programs that use the API.")
    .addCommand(
      new Command("list")
        .description("Print the keys, the newest first, without their secrets.")
        .addOption(limitOption(500))
        .option("--cursor <cursor>", "go on after the page before")
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

interface ListOptions {
  readonly limit: number;
  readonly cursor?: string;
  readonly json?: boolean;
}

async function listKeys({ json = false, ...query }: ListOptions): Promise<void> {
  const page = await withRuntime((runtime) => runtime.listKeys(query));
  if (json) printJson(page);
  else printText(formatPage(page, query.cursor !== undefined));
}

function formatPage({ items, next_cursor }: KeyPage, isLater: boolean): string {
  if (items.length === 0) {
    return isLater ? "There are no more." : "There are no keys but the admin token.";
  }
  const table = formatTable([
    ["ID", "BEGINS", "ROLE", "STATE", "LAST USED", "NAME"],
    ...items.map((item) => [
      item.id,
      `${item.prefix}…`,
      item.role,
      item.status,
      lastUsed(item),
      item.name,
    ]),
  ]);
  return next_cursor === null ? table : `${table}\nThere are more: --cursor ${next_cursor}`;
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
