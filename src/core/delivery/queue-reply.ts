import type { EpochMs } from "../clock.ts";
import type { EffectOf } from "../effect/effect.ts";
import { newId } from "../ids.ts";
import type { NewJob } from "../job/job.ts";
import { laneOf, PRIORITY } from "../job/lanes.ts";
import type { Address, ConnectorName } from "../message/inbound-message.ts";
import type { RichText } from "../rich-text/rich-text.ts";
import { PULLED_CONNECTORS } from "./delivery.ts";

export type QueueDelivery = EffectOf<"queue-delivery">;

/** The columns of a context's row that say where it is. */
export interface ReplyContext {
  readonly id: string;
  readonly connector: ConnectorName;
  readonly account: string;
  readonly external_id: string;
}

export interface Reply {
  readonly context: ReplyContext;
  readonly body: RichText;
  /** The inbound message this answers; null when nobody asked (a notice). */
  readonly messageId: string | null;
  readonly runId: string | null;
  readonly taskId: string | null;
  /** What is to be decided on it, if anything. */
  readonly card?: string | undefined;
  /** The platform's id of the message to answer to, or null. */
  readonly replyToExternalId: string | null;
  readonly now: EpochMs;
}

/**
 * The effect that shows what an answer is so far. Its own kind keeps it out of what was said; there is one of a run.
 */
export function queueDraft(reply: Reply): QueueDelivery {
  return { ...queueReply(reply), kind: "draft" };
}

/** The effect that says `body` in a context. A pulled connector reads it from the store and needs no job. */
export function queueReply(reply: Reply): QueueDelivery {
  const { context } = reply;
  const address: Address = {
    connector: context.connector,
    account: context.account,
    externalId: context.external_id,
  };
  const id = newId("dlv");
  return {
    type: "queue-delivery",
    id,
    contextId: context.id,
    address,
    kind: "send",
    body: reply.body,
    replyToExternalId: reply.replyToExternalId,
    messageId: reply.messageId,
    runId: reply.runId,
    taskId: reply.taskId,
    ...(reply.card === undefined ? {} : { card: reply.card }),
    job: PULLED_CONNECTORS.has(context.connector) ? null : deliverJob(id, context.id, reply.now),
  };
}

/** The job that sends a delivery. */
export function deliverJob(deliveryId: string, contextId: string, now: EpochMs): NewJob {
  return {
    id: newId("job"),
    kind: "deliver",
    payload: { deliveryId },
    lane: laneOf.outbound(contextId),
    priority: PRIORITY.outbound,
    runAtMs: now,
  };
}
