import { Argument, Command } from "commander";
import type { WorkspacePage } from "../../client/shapes/workspace.ts";
import { withRuntime } from "../connect.ts";
import { formatTable } from "../format-table.ts";
import { limitOption } from "../limit-option.ts";
import { printJson, printText } from "../print.ts";

interface ListOptions {
  readonly limit: number;
  readonly cursor?: string;
  readonly json?: boolean;
}

export function workspacesCommand(): Command {
  return new Command("workspaces")
    .description("Workspaces, and the chats that belong to them.")
    .addCommand(
      new Command("list")
        .description("Print the workspaces; `contexts list` prints their chats.")
        .addOption(limitOption(500))
        .option("--cursor <cursor>", "go on after the page before")
        .option("--json", "print JSON")
        .action(listWorkspaces),
    )
    .addCommand(
      new Command("create")
        .description("Make a workspace that several chats can share.")
        .addArgument(new Argument("<name>", "what it is called"))
        .action(createWorkspace),
    )
    .addCommand(
      new Command("bind")
        .description("Move a chat into a workspace, a group with its topics.")
        .addArgument(idArgument("<context>"))
        .addArgument(idArgument("<workspace>"))
        .action(bindContext),
    );
}

function idArgument(name: string): Argument {
  return new Argument(name, "its id, or a unique tail of six characters or more");
}

async function listWorkspaces({ json = false, ...query }: ListOptions): Promise<void> {
  const page = await withRuntime((runtime) => runtime.listWorkspaces(query));
  if (json) printJson(page);
  else printText(formatPage(page));
}

function formatPage({ items, next_cursor }: WorkspacePage): string {
  if (items.length === 0) return "There are no more.";
  const table = formatTable([
    ["WORKSPACE", "OWNER", "CONTEXTS", "NAME"],
    ...items.map(({ id, owner_user_id, context_count, name }) => [
      id,
      owner_user_id ?? "-",
      String(context_count),
      name,
    ]),
  ]);
  return next_cursor === null ? table : `${table}\nThere are more: --cursor ${next_cursor}`;
}

async function createWorkspace(name: string): Promise<void> {
  const { id } = await withRuntime((runtime) => runtime.createWorkspace(name));
  printText(`${id} is made. Move a chat into it: agent-runtime workspaces bind <context> ${id}`);
}

async function bindContext(context: string, workspace: string): Promise<void> {
  const done = await withRuntime((runtime) =>
    runtime.bindContext({ context_id: context, workspace_id: workspace }),
  );
  const where = `${done.workspace_name} (${done.workspace_id})`;
  const topics = done.moved_context_ids.length - 1;
  if (topics < 0) printText(`${done.context_id} is in ${where} already.`);
  else if (topics === 0) printText(`${done.context_id} is in ${where} now.`);
  else printText(`${done.context_id} is in ${where} now, and ${topics} of its topics.`);
}
