import type { Decision } from "../core/effect/commit.ts";
import type { EffectOf } from "../core/effect/effect.ts";
import { buttons, code, doc, list, p } from "../core/rich-text/build.ts";
import { type McpToolRow, mcpToolsOf } from "../store/queries/mcp-tools.ts";
import type { OperationDeps } from "./operation.ts";
import { tellAdmins } from "./tell-admins.ts";

const MOST_NAMED = 10;
/** Those that it does not list any more included. */
export const MOST_TOOLS_EVER = 200;

/** A tool as its server lists it now. */
export interface ListedMcpTool {
  readonly id: string;
  readonly name: string;
  readonly definition: string;
  readonly digest: string;
}

type McpToolChange = EffectOf<"pin-mcp-tool"> | EffectOf<"change-mcp-tool">;

/**
 * Takes down what a server lists. What it lists when it is seen for the first time came with the operator's decision to
 * enable it; a tool that it adds or describes otherwise later waits until an admin approves it, and admins are told.
 */
export async function recordMcpTools(
  deps: OperationDeps,
  { server, tools }: { readonly server: string; readonly tools: readonly ListedMcpTool[] },
): Promise<Decision> {
  const rows = await deps.store.all(mcpToolsOf, { server });
  const known = new Map(rows.map((row) => [row.id, row]));
  const room = Math.max(0, MOST_TOOLS_EVER - rows.length);
  const fresh = tools.filter(({ id }) => !known.has(id)).slice(0, room);
  const isFirstSight = rows.length === 0;
  const pins = fresh.map((tool) => ({
    type: "pin-mcp-tool" as const,
    ...tool,
    server,
    isApproved: isFirstSight,
  }));
  const changes = tools.flatMap((tool) => changeOf(known.get(tool.id), tool));
  const effects: McpToolChange[] = [...pins, ...changes];
  const nowWaiting = effects.filter((effect) => isNewlyWaiting(effect, known));
  if (nowWaiting.length === 0) return { effects, seen: [] };
  const told = await tellAdmins(
    deps,
    noticeOf(
      server,
      nowWaiting.map(({ id }) => id),
    ),
    {
      // It belongs to no workspace: hubs hear of it, or else everyone who looks after the runtime.
      workspaceId: "",
      toldInContextId: null,
    },
  );
  return { effects: [...effects, ...told.effects], seen: told.seen };
}

function changeOf(row: McpToolRow | undefined, tool: ListedMcpTool): McpToolChange[] {
  if (row === undefined) return [];
  const { definition, digest } = tool;
  const says = row.waiting_digest ?? row.digest;
  if (says === digest) return [];
  const to = row.digest === digest ? null : { definition, digest };
  return [{ type: "change-mcp-tool", id: row.id, fromVersion: row.version, to }];
}

/** A tool that waits already and changes once more is no news: a server could flood people with it. */
function isNewlyWaiting(change: McpToolChange, known: ReadonlyMap<string, McpToolRow>): boolean {
  if (change.type === "pin-mcp-tool") return !change.isApproved;
  return change.to !== null && known.get(change.id)?.waiting_digest === null;
}

function noticeOf(server: string, ids: readonly string[]) {
  const named = ids.slice(0, MOST_NAMED).map((id) => p(code(id)));
  const rest = ids.length - named.length;
  return doc(
    p(
      `The MCP server ${server} describes tools otherwise than before, or has new ones. They cannot be used until an admin has looked at them:`,
    ),
    list(...named, ...(rest > 0 ? [p(`and ${rest} more`)] : [])),
    p(
      "Look at them and approve them: ",
      code("/mcp"),
      ", on the page under Tools, or in a terminal ",
      code("agent-runtime mcp list"),
    ),
    buttons({ label: "Look at them", command: "/mcp" }),
  );
}
