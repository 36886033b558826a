import type { Actor } from "../core/access/actor.ts";
import type { Decision } from "../core/effect/commit.ts";
import type { Effect } from "../core/effect/effect.ts";
import { AppError } from "../core/errors.ts";
import { newId } from "../core/ids.ts";
import { DUE_AFTER_MS } from "../core/task/task.ts";
import { contextById } from "../store/queries/contexts.ts";
import { openRetryOf, type TaskRow } from "../store/queries/tasks.ts";
import { runTaskJob } from "./create-task.ts";
import { findTask } from "./find-by-tail.ts";
import { authorize } from "./operation.ts";
import { type ModelDeps, requireModel } from "./start-model.ts";

export interface RetriedTask extends Decision {
  readonly id: string;
  readonly retryOf: TaskRow;
}

/**
 * Does a failed task again, as a new task that names the old one; its result goes where the old one's went.
 * @throws AppError `not_found`, `conflict` (it did not fail, or is being retried already), `access_denied`, `rate_limited`, `invalid_input` (not a unique tail).
 */
export async function retryTask(
  deps: ModelDeps,
  actor: Actor,
  input: { readonly task: string; readonly contextId: string | null },
): Promise<RetriedTask> {
  const who = await authorize(deps, actor, "retry:task");
  const old = await findTask(deps, actor, { text: input.task, contextId: input.contextId });
  if (old.status !== "failed") {
    throw new AppError(
      "conflict",
      `Only a failed task can be retried; task ${old.id} is ${old.status}.`,
    );
  }
  const again = await deps.store.first(openRetryOf, { id: old.id });
  if (again !== undefined) {
    throw new AppError("conflict", `Task ${old.id} is being retried already, as ${again.id}.`);
  }
  const context = await deps.store.first(contextById, { id: old.context_id });
  if (context === undefined) throw new AppError("not_found", "Its conversation is gone.");
  const permit = await requireModel(deps, { ...who, context, words: old.prompt });
  const id = newId("task");
  const create: Effect = {
    type: "create-task",
    id,
    workspaceId: old.workspace_id,
    contextId: old.context_id,
    kind: old.kind,
    title: old.title,
    prompt: old.prompt,
    routeClass: old.route_class,
    priority: old.priority,
    dueAtMs: old.due_at_ms === null ? null : deps.now + DUE_AFTER_MS,
    assignedLane: old.assigned_lane,
    sourceConnector: old.source_connector,
    sourceExternalId: old.source_external_id,
    sourceUserId: actor.id,
    sourceText: old.source_text,
    requestedByUserId: who.userId,
    retryOfTask: old.id,
    messageId: old.message_id,
    taint: old.taint === 1,
    depth: old.depth,
  };
  return {
    effects: [...permit, create, runTaskJob(id, old.priority, deps.now)],
    seen: [...who.seen, { table: "tasks", id: old.id, version: old.version }],
    id,
    retryOf: old,
  };
}
