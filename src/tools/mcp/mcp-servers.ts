import { SYSTEM_ACTOR } from "../../core/access/actor.ts";
import { AppError } from "../../core/errors.ts";
import { newId } from "../../core/ids.ts";
import type { Log } from "../../core/log.ts";
import type { Service } from "../../core/service.ts";
import type { Sensitivity } from "../../core/tool/tool-facts.ts";
import { MOST_TOOLS_EVER, recordMcpTools } from "../../operations/record-mcp-tools.ts";
import { commitDecision } from "../../store/commit-decision.ts";
import { type McpToolRow, mcpToolsOf } from "../../store/queries/mcp-tools.ts";
import type { Store } from "../../store/store.ts";
import type { Tool } from "../tool.ts";
import type { ToolSource } from "../toolbox.ts";
import { type ConnectionDeps, createConnection, type McpConnection } from "./connection.ts";
import { loadProtocol } from "./hold-connection.ts";
import type { Listing } from "./list-tools.ts";
import { readNarrowing } from "./narrowing.ts";
import { promptTools, resourceTools } from "./own-tools.ts";
import { parseDefinition } from "./read-definition.ts";
import { approvedTool } from "./server-tool.ts";
import type { McpServer } from "./servers-file.ts";
import type { McpSession } from "./session.ts";

export interface McpServersDeps extends Pick<ConnectionDeps, "clock" | "random" | "version"> {
  readonly store: Store;
  readonly log: Log;
  /** Told when there may be other tools than before. Contract: must not throw. */
  readonly onTools: () => void;
}

/** How a server is, for people. */
interface McpServerState {
  readonly id: string;
  readonly state: "connecting" | "connected" | "down" | "unusable";
  /** What is wrong; empty when nothing is. A program's last words may be in it. */
  readonly message: string;
  /** What of its tools is left out, one sentence each. */
  readonly problems: readonly string[];
}

/** The MCP servers that the operator has enabled, and their tools. */
export interface McpServersInUse {
  readonly service: Service;
  readonly source: ToolSource;
  states(): readonly McpServerState[];
}

/** Connects to them beside everything else: none of them is waited for, and none holds up another. */
export function createMcpServers(
  deps: McpServersDeps,
  servers: readonly McpServer[],
): McpServersInUse {
  const all = servers.map((server) => hold(deps, server));
  let unsubscribe: () => void = () => undefined;
  const readAll = async () => {
    await Promise.all(all.map((one) => one.readRows()));
    deps.onTools();
  };
  return {
    service: {
      name: "mcp",
      async start() {
        await readAll();
        unsubscribe = deps.store.changes.subscribe((changes) => {
          if (!changes.some(({ topic }) => topic === "mcp_tools")) return;
          readAll().catch((error: unknown) =>
            deps.log.write("warn", "tools of MCP servers were not read", { error }),
          );
        });
        if (all.length > 0) await loadProtocol();
        for (const one of all) one.start();
      },
      async stop() {
        unsubscribe();
        await Promise.all(all.map((one) => one.stop()));
      },
    },
    source: {
      list: () => all.flatMap((one) => one.tools()),
      async readWithout(workspace) {
        const { isOff } = await readNarrowing(workspace);
        return (tool) =>
          all.some(({ id, ownNameOf }) => {
            const ownName = ownNameOf(tool.name);
            return ownName !== undefined && isOff(id, ownName);
          });
      },
    },
    states: () => all.map((one) => one.state()),
  };
}

/** One server: what is approved of it, what it lists now, and the connection to it. */
function hold(deps: McpServersDeps, server: McpServer) {
  const { store, log } = deps;
  const { id, policy } = server;
  let rows: readonly McpToolRow[] = [];
  let listing: Listing | undefined;
  let made: { of: readonly McpToolRow[]; tools: readonly Tool[] } | undefined;

  async function readRows(): Promise<void> {
    rows = await store.all(mcpToolsOf, { server: id });
  }
  async function onListed(next: Listing): Promise<void> {
    const step = { name: "record-mcp-tools", actor: SYSTEM_ACTOR.id, cause: newId("commit") };
    await commitDecision(deps, step, (now) =>
      recordMcpTools({ store, now }, { server: id, tools: next.tools }),
    );
    await readRows();
    const whole = withForgotten(next, rows);
    const { problems } = whole;
    if (problems.length > 0 && problems.join() !== listing?.problems.join())
      log.write("warn", "tools of an MCP server are left out", { server: id, problems });
    listing = whole;
    deps.onTools();
  }
  const connection = createConnection(
    {
      ...deps,
      onListed,
      onLost: (why) => log.write("warn", "an MCP server is away", { server: id, detail: why }),
    },
    server,
  );
  const resources = resourceTools(server, connection);
  const prompts = promptTools(server, connection);
  const own = [...resources, ...prompts];
  let has: McpSession["has"] | undefined;
  function offeredOwn(): readonly Tool[] {
    const state = connection.state();
    if (state.kind === "connected") has = state.session.has;
    if (has === undefined) return own;
    return [...(has.resources ? resources : []), ...(has.prompts ? prompts : [])];
  }
  /** A tool of an absent server stays: a call of it waits for the server, and an approved one is not lost. */
  const isListed = (row: McpToolRow) =>
    listing === undefined || listing.tools.some((one) => one.id === row.id);

  return {
    id,
    readRows,
    start: () => {
      if (server.problem === undefined) connection.start();
    },
    stop: connection.stop,
    tools(): readonly Tool[] {
      if (server.problem !== undefined) return [];
      if (made?.of !== rows) made = { of: rows, tools: rows.flatMap(toTool) };
      const gone = new Set(rows.filter((row) => !isListed(row)).map((row) => row.id));
      return [...made.tools.filter(({ name }) => !gone.has(name)), ...offeredOwn()];
    },
    ownNameOf: (name: string) =>
      rows.find((row) => row.id === name)?.name ??
      (own.some((tool) => tool.name === name) ? name.slice(`mcp_${id}__`.length) : undefined),
    state: (): McpServerState => stateOf(server, connection, listing?.problems ?? []),
  };

  function toTool(row: McpToolRow): readonly Tool[] {
    const sensitivity = sensitivityOf(row.name);
    if (row.definition === null || row.waiting_digest !== null || sensitivity === "off") return [];
    const text = parseDefinition(row.definition);
    const requireUsable = () => requireSame(row, rows);
    return [approvedTool(server, connection, { ...row, text }, sensitivity, requireUsable)];
  }
  /** What the operator says of it; what the server says of itself counts for nothing. */
  function sensitivityOf(tool: string): Sensitivity | "off" {
    return (Object.hasOwn(policy.tools, tool) ? policy.tools[tool] : undefined) ?? policy.default;
  }
}

/** @throws AppError when it waits for an approval by now, or another definition of it was approved. */
function requireSame({ id, digest }: McpToolRow, rows: readonly McpToolRow[]): void {
  const now = rows.find((row) => row.id === id);
  if (now?.digest === digest && now.waiting_digest === null) return;
  throw new AppError("conflict", `${id} is described otherwise by now. It was not called.`);
}

/** With what there was no row for. */
function withForgotten(listing: Listing, rows: readonly McpToolRow[]): Listing {
  const count = listing.tools.filter((one) => !rows.some((row) => row.id === one.id)).length;
  if (count === 0) return listing;
  const problem = `${count} of its tools are left out: ${MOST_TOOLS_EVER} are kept in mind of one server, those that it had before included. Give it another id in servers.json to begin anew.`;
  return { ...listing, problems: [...listing.problems, problem] };
}

function stateOf(
  { id, problem }: McpServer,
  connection: McpConnection,
  problems: readonly string[],
): McpServerState {
  if (problem !== undefined) return { id, state: "unusable", message: problem, problems };
  const state = connection.state();
  return {
    id,
    state: state.kind,
    message: state.kind === "down" ? state.why : "",
    problems,
  };
}
