import type { Actor } from "../core/access/actor.ts";
import { may } from "../core/access/permission.ts";
import { countDeadJobs } from "../store/queries/jobs.ts";
import { authorize, type OperationDeps } from "./operation.ts";

/** How much work was given up and kept; 0 for those who could do nothing about it. @throws AppError `access_denied`. */
export async function countDeadLetters(deps: OperationDeps, actor: Actor): Promise<number> {
  const who = await authorize(deps, actor, "read:status");
  if (!may(who.role, "manage:dead-letters")) return 0;
  return Number((await deps.store.first(countDeadJobs, {}))?.count ?? 0);
}
