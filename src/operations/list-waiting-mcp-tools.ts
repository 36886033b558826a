import type { Actor } from "../core/access/actor.ts";
import { type McpToolRow, waitingMcpTools } from "../store/queries/mcp-tools.ts";
import { authorize, type OperationDeps } from "./operation.ts";

/** Tools of MCP servers that are new, or described otherwise than they were approved. @throws AppError `access_denied`. */
export async function listWaitingMcpTools(
  deps: OperationDeps,
  actor: Actor,
  { limit }: { readonly limit: number },
): Promise<readonly McpToolRow[]> {
  await authorize(deps, actor, "manage:tools");
  return await deps.store.all(waitingMcpTools, { limit });
}
