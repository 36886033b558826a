import type { Commit, CommitResult } from "../../src/core/effect/commit.ts";
import type { Effect, EffectOf } from "../../src/core/effect/effect.ts";
import { newId } from "../../src/core/ids.ts";
import type { NewJob } from "../../src/core/job/job.ts";
import { runTaskJob } from "../../src/operations/create-task.ts";
import type { ClaimedJob } from "../../src/orchestrator/job-handler.ts";
import type { OpenedBackend } from "./store-backend.ts";

/** A job of a lane; what it carries does not matter to the queue. */
export function aJob(
  lane: string,
  overrides: { priority?: number; runAtMs?: number; id?: string } = {},
): NewJob {
  return {
    id: overrides.id ?? newId("job"),
    kind: "sweep",
    payload: {},
    lane,
    priority: overrides.priority ?? 10,
    runAtMs: overrides.runAtMs ?? 0,
  };
}

export function enqueue(job: NewJob): Effect {
  return { type: "enqueue-job", job };
}

/** Commits effects as `test`, at the backend's now. */
export function commit(
  backend: OpenedBackend,
  effects: readonly Effect[],
  more: Partial<Commit> = {},
): Promise<CommitResult> {
  return backend.store.commit({
    name: "test",
    actor: "system",
    cause: "test",
    now: backend.clock.now(),
    effects,
    ...more,
  });
}

export function claimOf(job: ClaimedJob): Commit["claim"] & {} {
  return { jobId: job.id, lane: job.lane, token: job.token };
}

export interface Conversation {
  readonly workspaceId: string;
  readonly contextId: string;
}

/** A workspace and a conversation in it. */
export function aConversation(externalId = "1001"): {
  ids: Conversation;
  effects: readonly Effect[];
} {
  const ids = { workspaceId: newId("ws"), contextId: newId("ctx") };
  return {
    ids,
    effects: [
      { type: "create-workspace", id: ids.workspaceId, name: "Telegram", ownerUserId: null },
      {
        type: "create-context",
        id: ids.contextId,
        workspaceId: ids.workspaceId,
        address: { connector: "telegram", account: "77", externalId },
        kind: "private",
        title: "Ada",
      },
    ],
  };
}

/** A task that somebody asked for and its job, with an idempotency key or without. */
export function aTask(
  place: Conversation,
  sourceUserId: string,
  key?: string,
): readonly [EffectOf<"create-task">, Effect] {
  const id = newId("task");
  const task: EffectOf<"create-task"> = {
    type: "create-task",
    id,
    ...place,
    kind: "general",
    title: "t",
    prompt: "p",
    routeClass: null,
    priority: "p2",
    dueAtMs: null,
    assignedLane: "operations",
    sourceConnector: "api",
    sourceExternalId: "x",
    sourceUserId,
    sourceText: "p",
    requestedByUserId: null,
    retryOfTask: null,
    messageId: null,
    taint: false,
    ...(key === undefined ? {} : { idempotency: { key, digest: "d" } }),
  };
  return [task, runTaskJob(id, "p2", 0)];
}

export function aMessage(
  contextId: string,
  externalMessageId: string,
  id = newId("msg"),
): Effect & { type: "record-message" } {
  return {
    type: "record-message",
    id,
    contextId,
    address: { connector: "telegram", account: "77", externalId: "1001" },
    externalMessageId,
    kind: "message",
    senderExternalId: "5",
    senderName: "Ada",
    identityId: null,
    text: "hello",
    addressed: true,
    replyToExternalId: null,
    editOf: null,
    payload: null,
    trust: "stranger",
    sentAtMs: 1,
    receivedAtMs: 1,
    rememberUntilMs: 2,
    job: {
      id: newId("job"),
      kind: "handle-message",
      payload: { messageId: id },
      lane: `in:${contextId}`,
      priority: 10,
      runAtMs: 0,
    },
  };
}
