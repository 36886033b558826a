import { Argument, Command } from "commander";
import type { McpServers, McpToolView } from "../../client/shapes/mcp.ts";
import { withRuntime } from "../connect.ts";
import { formatTable } from "../format-table.ts";
import { printJson, printProblem, printText } from "../print.ts";

const SHOWN_DIGEST = 12;

export function mcpCommand(): Command {
  return new Command("mcp")
    .description("MCP servers and their tools.")
    .addCommand(
      new Command("list")
        .description("Print the servers in use, and what waits for an approval of their tools.")
        .option("--json", "print JSON, with every tool")
        .action(listServers),
    )
    .addCommand(
      new Command("approve")
        .description("Let a changed or new tool be used as `mcp list` shows it.")
        .addArgument(new Argument("<tool>", "as `mcp list` calls it"))
        .addArgument(new Argument("<digest>", "what `mcp list` shows behind it"))
        .action(approveTool),
    );
}

async function listServers({ json = false }: { json?: boolean }): Promise<void> {
  const servers = await withRuntime((runtime) => runtime.listMcpServers());
  if (json) return printJson(servers);
  if (servers.problem !== null) printProblem(servers.problem);
  for (const file of servers.changed_files)
    printProblem(`${file} has changed. Restart the service to use it.`);
  if (servers.room_problem !== null) printProblem(servers.room_problem);
  printText(formatServers(servers));
}

function formatServers({ items }: McpServers): string {
  if (items.length === 0) return "No MCP server is enabled.";
  const waiting = (tools: readonly McpToolView[]) =>
    tools.filter(({ state }) => state !== "approved");
  const table = formatTable([
    ["SERVER", "STATE", "TOOLS", "WAITING", "MESSAGE"],
    ...items.map(({ id, state, tools, message }) => [
      id,
      state,
      String(tools.length),
      String(waiting(tools).length),
      message,
    ]),
  ]);
  const problems = items.flatMap(({ id, problems: all }) => all.map((one) => `${id}: ${one}`));
  const tools = items.flatMap((server) => waiting(server.tools)).map(formatWaiting);
  return [table, ...problems, ...tools].join("\n");
}

/** What the server says stands behind a mark, so that it cannot look like ours. */
function formatWaiting({ name, state, digest, definition, approved_definition }: McpToolView) {
  const before = approved_definition === null ? [] : ["Approved:", ...quote(approved_definition)];
  return [
    "",
    `${name} is ${state}. Its server says:`,
    ...quote(definition),
    ...before,
    `To let it be used so: agent-runtime mcp approve ${name} ${digest.slice(0, SHOWN_DIGEST)}`,
  ].join("\n");
}

function quote(definition: string): string[] {
  const text = JSON.stringify(JSON.parse(definition), null, 2);
  return text.split("\n").map((line) => `  | ${line}`);
}

async function approveTool(tool: string, digest: string): Promise<void> {
  await withRuntime((runtime) => runtime.approveMcpTool({ tool, digest }));
  printText(`${tool} can be used.`);
}
