import type { Effect } from "../../src/core/effect/effect.ts";
import { newId } from "../../src/core/ids.ts";
import { laneOf, PRIORITY } from "../../src/core/job/lanes.ts";
import type { Address } from "../../src/core/message/inbound-message.ts";
import type { RouteClass } from "../../src/core/task/task.ts";

/** Ann's private conversation. */
export const ADDRESS: Address = { connector: "web", account: "owner", externalId: "42" };

interface Place {
  readonly contextId: string;
  readonly workspaceId: string;
  readonly userId: string;
  readonly jobId: string;
  readonly now: number;
}

export function anIdentity(userId: string, externalUserId: string, displayName: string): Effect {
  return {
    type: "link-identity",
    id: newId("idn"),
    userId,
    connector: "telegram",
    externalUserId,
    displayName,
  };
}

/** A message of hers, with the turn that answers it. */
export function aMessage({
  contextId,
  workspaceId,
  userId,
  messageId,
  runId,
  jobId,
  text,
  number,
  now,
}: Place & {
  readonly messageId: string;
  readonly runId: string;
  readonly text: string;
  readonly number: number;
}): readonly Effect[] {
  return [
    {
      type: "record-message",
      id: messageId,
      contextId,
      address: ADDRESS,
      externalMessageId: `42:${number}`,
      kind: "message",
      senderExternalId: "42",
      senderName: "Ann",
      identityId: null,
      text,
      addressed: true,
      replyToExternalId: null,
      editOf: null,
      payload: null,
      trust: "paired",
      sentAtMs: now,
      receivedAtMs: now,
      rememberUntilMs: now + 1_000_000_000,
      job: {
        id: jobId,
        kind: "run-turn",
        payload: { runId },
        lane: laneOf.turn(contextId),
        priority: PRIORITY.turn,
        runAtMs: now,
      },
    },
    {
      type: "create-run",
      id: runId,
      kind: "turn",
      workspaceId,
      contextId,
      userId,
      messageId,
      taskId: null,
      taint: false,
    },
  ];
}

/** A background task that she asked for. */
export function aTask({
  contextId,
  workspaceId,
  userId,
  taskId,
  jobId,
  prompt,
  routeClass,
  now,
}: Place & {
  readonly taskId: string;
  readonly prompt: string;
  readonly routeClass: RouteClass | null;
}): readonly Effect[] {
  return [
    {
      type: "create-task",
      id: taskId,
      workspaceId,
      contextId,
      kind: "general",
      title: prompt,
      prompt,
      routeClass,
      priority: "p3",
      dueAtMs: null,
      assignedLane: "backlog",
      sourceConnector: ADDRESS.connector,
      sourceExternalId: ADDRESS.externalId,
      sourceUserId: "42",
      sourceText: prompt,
      requestedByUserId: userId,
      retryOfTask: null,
      messageId: null,
      taint: false,
    },
    {
      type: "enqueue-job",
      job: {
        id: jobId,
        kind: "run-task",
        payload: { taskId },
        lane: laneOf.task(taskId),
        priority: PRIORITY.p3,
        runAtMs: now,
      },
    },
  ];
}
