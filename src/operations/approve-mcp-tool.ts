import type { Actor } from "../core/access/actor.ts";
import type { Decision } from "../core/effect/commit.ts";
import { AppError } from "../core/errors.ts";
import { mcpToolById } from "../store/queries/mcp-tools.ts";
import { authorize, type OperationDeps } from "./operation.ts";

const SHORTEST_DIGEST = 12;

export interface ApprovedMcpTool extends Decision {
  readonly id: string;
}

/**
 * Lets a changed or new tool of an MCP server be used as it describes itself now. The approver names what they have read
 * by its digest, or its first letters: the server may say something else again in between.
 * @throws AppError `not_found`, `conflict` (nothing waits, or something else does), `access_denied`, `invalid_input`.
 */
export async function approveMcpTool(
  deps: OperationDeps,
  actor: Actor,
  input: { readonly tool: string; readonly digest: string },
): Promise<ApprovedMcpTool> {
  const who = await authorize(deps, actor, "manage:tools");
  if (!/^[0-9a-f]+$/.test(input.digest) || input.digest.length < SHORTEST_DIGEST) {
    throw new AppError(
      "invalid_input",
      `The digest is what /mcp or \`agent-runtime mcp list\` shows behind the tool, at least its first ${SHORTEST_DIGEST} letters.`,
    );
  }
  const row = await deps.store.first(mcpToolById, { id: input.tool });
  if (row === undefined) {
    throw new AppError("not_found", "There is no such tool. See: /mcp, or agent-runtime mcp list");
  }
  if (row.waiting_digest === null) {
    throw new AppError("conflict", `${row.id} waits for nobody's approval.`);
  }
  if (!row.waiting_digest.startsWith(input.digest)) {
    throw new AppError(
      "conflict",
      `${row.id} has changed since you looked at it. Look again: /mcp, or agent-runtime mcp list`,
    );
  }
  const digest = row.waiting_digest;
  return {
    effects: [{ type: "approve-mcp-tool", id: row.id, digest, approvedBy: actor.id }],
    seen: who.seen,
    id: row.id,
  };
}
