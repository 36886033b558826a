import type { DeliveryState } from "../../core/delivery/delivery.ts";
import type { EffectOf } from "../../core/effect/effect.ts";
import { statement } from "../statement.ts";
import type { DeliveriesTable } from "../tables/deliveries.ts";
import type { CommitFacts } from "./commit-facts.ts";
import { enqueueSteps } from "./job-steps.ts";
import { type CompiledEffect, write } from "./step.ts";

type NewDelivery = Omit<
  DeliveriesTable,
  | "seq"
  | "version"
  | "parts"
  | "parts_sent"
  | "receipts"
  | "marked"
  | "error"
  | "dropped_by"
  | "drop_reason"
>;
const insertDelivery = statement((db, p: NewDelivery) =>
  db
    .insertInto("deliveries")
    .values((eb) => ({
      id: p.id,
      context_id: p.context_id,
      connector: p.connector,
      account: p.account,
      external_id: p.external_id,
      kind: p.kind,
      body: p.body,
      state: p.state,
      parts_sent: eb.lit(0),
      receipts: "[]",
      marked: eb.lit(0),
      reply_to_external_id: p.reply_to_external_id,
      message_id: p.message_id,
      run_id: p.run_id,
      task_id: p.task_id,
      card: p.card,
      mail: p.mail,
      revises: p.revises,
      revision: p.revision,
      cause: p.cause,
      created_at_ms: p.created_at_ms,
      updated_at_ms: p.updated_at_ms,
      version: eb.lit(1),
    }))
    .onConflict((oc) =>
      oc.columns(["revises", "revision"]).where("revises", "is not", null).doNothing(),
    ),
);

type DeliveryMove = Pick<
  DeliveriesTable,
  "id" | "parts" | "parts_sent" | "receipts" | "marked" | "error"
> & {
  to: DeliveriesTable["state"];
  from_version: number;
  now: number;
};
const moveDelivery = statement((db, p: DeliveryMove) =>
  db
    .updateTable("deliveries")
    .set((eb) => ({
      state: p.to,
      parts: eb.fn.coalesce(eb.cast<string | null>(eb.val(p.parts), "text"), "parts"),
      parts_sent: p.parts_sent,
      receipts: p.receipts,
      marked: p.marked,
      error: p.error,
      updated_at_ms: p.now,
      version: eb("version", "+", eb.lit(1)),
    }))
    .where("id", "=", p.id)
    .where("version", "=", p.from_version),
);

const dropDelivery = statement(
  (db, p: { id: string; droppedBy: string; reason: string; now: number }) =>
    db
      .updateTable("deliveries")
      .set((eb) => ({
        state: "dropped",
        dropped_by: p.droppedBy,
        drop_reason: p.reason,
        updated_at_ms: p.now,
        version: eb("version", "+", eb.lit(1)),
      }))
      .where("id", "=", p.id)
      .where("state", "=", "dead"),
);

function queueDelivery(e: EffectOf<"queue-delivery">, facts: CommitFacts): CompiledEffect {
  const { now, cause } = facts;
  const insert = write(insertDelivery, {
    id: e.id,
    context_id: e.contextId,
    connector: e.address.connector,
    account: e.address.account,
    external_id: e.address.externalId,
    kind: e.kind,
    body: JSON.stringify(e.body),
    state: firstState(e),
    reply_to_external_id: e.replyToExternalId,
    message_id: e.messageId,
    run_id: e.runId,
    task_id: e.taskId,
    card: e.card ?? null,
    mail: e.mail === undefined ? null : JSON.stringify(e.mail),
    revises: e.revises?.deliveryId ?? null,
    revision: e.revises?.revision ?? null,
    cause,
    created_at_ms: now,
    updated_at_ms: now,
  });
  return {
    steps: [insert, ...(e.job === null ? [] : enqueueSteps(e.job, facts))],
    changes: [
      { topic: "deliveries", id: e.id },
      ...(e.revises === undefined
        ? []
        : [{ topic: "deliveries" as const, id: e.revises.deliveryId }]),
      ...(e.job === null ? [] : [{ topic: "jobs" as const, id: e.job.id }]),
    ],
  };
}

function firstState({ job, isKept }: EffectOf<"queue-delivery">): DeliveryState {
  if (job !== null) return "pending";
  return isKept === true ? "kept" : "sent";
}

export const deliverySteps = {
  "queue-delivery": queueDelivery,
  "move-delivery": (e: EffectOf<"move-delivery">, { now }: CommitFacts): CompiledEffect => ({
    steps: [
      write(moveDelivery, {
        id: e.id,
        to: e.to,
        from_version: e.fromVersion,
        parts: e.parts,
        parts_sent: e.partsSent,
        receipts: e.receipts,
        marked: e.marked ? 1 : 0,
        error: e.error,
        now,
      }),
    ],
    changes: [{ topic: "deliveries", id: e.id }],
  }),
  "drop-delivery": (e: EffectOf<"drop-delivery">, { now }: CommitFacts): CompiledEffect => ({
    steps: [write(dropDelivery, { id: e.id, droppedBy: e.droppedBy, reason: e.reason, now })],
    changes: [{ topic: "deliveries", id: e.id }],
  }),
};
