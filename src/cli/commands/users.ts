import { Argument, Command } from "commander";
import type { UserPage } from "../../client/shapes/user.ts";
import { ROLES, type Role } from "../../core/access/role.ts";
import { withRuntime } from "../connect.ts";
import { formatTable } from "../format-table.ts";
import { limitOption } from "../limit-option.ts";
import { printJson, printText } from "../print.ts";

interface ListOptions {
  readonly limit: number;
  readonly cursor?: string;
  readonly json?: boolean;
}

export function usersCommand(): Command {
  return new Command("users")
    .description("People who were let in, and their roles.")
    .addCommand(
      new Command("list")
        .description("Print people and the accounts they are known by.")
        .addOption(limitOption(500))
        .option("--cursor <cursor>", "go on after the page before")
        .option("--json", "print JSON")
        .action(listUsers),
    )
    .addCommand(
      new Command("role")
        .description("Give a person another role.")
        .addArgument(idArgument("<user>"))
        .addArgument(new Argument("<role>", "what the person may do").choices(ROLES))
        .action(changeRole),
    )
    .addCommand(
      new Command("unlink")
        .description("Make an account a stranger's again.")
        .addArgument(idArgument("<identity>"))
        .action(unlinkIdentity),
    );
}

function idArgument(name: string): Argument {
  return new Argument(name, "its id, or a unique tail of six characters or more");
}

async function listUsers({ json = false, ...query }: ListOptions): Promise<void> {
  const page = await withRuntime((runtime) => runtime.listUsers(query));
  if (json) printJson(page);
  else printText(formatPage(page));
}

function formatPage({ items, next_cursor }: UserPage): string {
  if (items.length === 0) return "There are no more.";
  const table = formatTable([
    ["USER", "ROLE", "IDENTITY", "ACCOUNT", "NAME"],
    ...items.flatMap((user) =>
      user.identities.map((identity) => [
        user.id,
        user.role,
        identity.id,
        accountOf(identity),
        identity.display_name,
      ]),
    ),
  ]);
  return next_cursor === null ? table : `${table}\nThere are more: --cursor ${next_cursor}`;
}

async function changeRole(user: string, role: Role): Promise<void> {
  const done = await withRuntime((runtime) => runtime.changeRole({ user_id: user, role }));
  const accounts = done.identities.map(accountOf).join(", ");
  printText(`${accounts} (${done.display_name}) has the role ${done.role}.`);
}

async function unlinkIdentity(identity: string): Promise<void> {
  const done = await withRuntime((runtime) => runtime.unlinkIdentity(identity));
  printText(`${accountOf(done)} (${done.display_name}) is a stranger again.`);
}

/** What the platform vouches for. */
function accountOf(account: { connector: string; connector_user_id: string }): string {
  return `${account.connector} ${account.connector_user_id}`;
}
