import type { Seen } from "../core/effect/commit.ts";
import { AppError } from "../core/errors.ts";
import { overlordBeside } from "../store/queries/overlords.ts";
import type { OperationDeps } from "./operation.ts";

/**
 * Somebody must be left who may let people in: another overlord, as the fact that the decision rests on.
 * @throws AppError `conflict` when there is none.
 */
export async function keepAnOverlord({ store }: OperationDeps, userId: string): Promise<Seen> {
  const other = await store.first(overlordBeside, { userId });
  if (other !== undefined) return { table: "users", id: other.id, version: other.version };
  throw new AppError(
    "conflict",
    "This is the last overlord. Make somebody else one first: agent-runtime users role <id> overlord",
  );
}
