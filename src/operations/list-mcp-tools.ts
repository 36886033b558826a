import type { Actor } from "../core/access/actor.ts";
import { type McpToolRow, mcpToolsOf } from "../store/queries/mcp-tools.ts";
import { authorize, type OperationDeps } from "./operation.ts";

/** What the given servers ever had as tools, and what of it waits for an approval. @throws AppError `access_denied`. */
export async function listMcpTools(
  deps: OperationDeps,
  actor: Actor,
  { servers }: { readonly servers: readonly string[] },
): Promise<readonly McpToolRow[]> {
  await authorize(deps, actor, "manage:tools");
  const each = await Promise.all(servers.map((server) => deps.store.all(mcpToolsOf, { server })));
  return each.flat();
}
