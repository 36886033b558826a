import { sql } from "kysely";
import type { EffectOf } from "../../core/effect/effect.ts";
import { statement } from "../statement.ts";
import type { CursorsTable, DedupeTable, MessagesTable } from "../tables/messages.ts";
import type { CommitFacts } from "./commit-facts.ts";
import { enqueueSteps } from "./job-steps.ts";
import { type CompiledEffect, write } from "./step.ts";

const remember = statement((db, p: DedupeTable) =>
  db
    .insertInto("dedupe")
    .values({
      connector: p.connector,
      account: p.account,
      external_message_id: p.external_message_id,
      message_id: p.message_id,
      expires_at_ms: p.expires_at_ms,
    })
    .onConflict((oc) => oc.columns(["connector", "account", "external_message_id"]).doNothing()),
);

type NewMessage = Omit<
  MessagesTable,
  | "seq"
  | "version"
  | "outcome"
  | "reason"
  | "rule"
  | "told_presser"
  | "run_id"
  | "task_id"
  | "settled_at_ms"
>;
const insertMessage = statement((db, p: NewMessage) =>
  db.insertInto("messages").values((eb) => ({
    id: p.id,
    context_id: p.context_id,
    connector: p.connector,
    account: p.account,
    external_message_id: p.external_message_id,
    kind: p.kind,
    sender_external_id: p.sender_external_id,
    sender_name: p.sender_name,
    identity_id: p.identity_id,
    text: p.text,
    addressed: p.addressed,
    reply_to_external_id: p.reply_to_external_id,
    edit_of: p.edit_of,
    album_id: p.album_id,
    payload: p.payload,
    trust: p.trust,
    outcome: "pending",
    cause: p.cause,
    sent_at_ms: p.sent_at_ms,
    received_at_ms: p.received_at_ms,
    version: eb.lit(1),
  })),
);

const settleMessage = statement(
  (db, p: { id: string; outcome: MessagesTable["outcome"]; reason: string | null; now: number }) =>
    db
      .updateTable("messages")
      .set((eb) => ({
        outcome: p.outcome,
        reason: p.reason,
        settled_at_ms: p.now,
        version: eb("version", "+", eb.lit(1)),
      }))
      .where("id", "=", p.id)
      .where("outcome", "=", "pending"),
);

type DecidedMessage = Pick<
  MessagesTable,
  | "id"
  | "rule"
  | "identity_id"
  | "trust"
  | "told_presser"
  | "run_id"
  | "task_id"
  | "outcome"
  | "reason"
> & { settled_at_ms: number | null; forgets: 0 | 1 };
const decideMessage = statement((db, p: DecidedMessage) =>
  db
    .updateTable("messages")
    .set((eb) => ({
      rule: p.rule,
      identity_id: eb.fn.coalesce(
        eb.cast<string | null>(eb.val(p.identity_id), "text"),
        "identity_id",
      ),
      trust: p.trust,
      told_presser: p.told_presser,
      text: sql<string>`case when cast(${p.forgets} as integer) = 1 then '' else text end`,
      payload: sql<string>`case when cast(${p.forgets} as integer) = 1 then null else payload end`,
      run_id: p.run_id,
      task_id: p.task_id,
      outcome: p.outcome,
      reason: p.reason,
      settled_at_ms: p.settled_at_ms,
      version: eb("version", "+", eb.lit(1)),
    }))
    .where("id", "=", p.id)
    .where("outcome", "=", "pending"),
);

const createCursor = statement((db, p: Omit<CursorsTable, "version">) =>
  db
    .insertInto("cursors")
    .values((eb) => ({
      id: p.id,
      connector: p.connector,
      account: p.account,
      value: p.value,
      updated_at_ms: p.updated_at_ms,
      version: eb.lit(1),
    }))
    .onConflict((oc) => oc.column("id").doNothing()),
);
const moveCursor = statement(
  (db, p: { id: string; value: string; fromVersion: number; now: number }) =>
    db
      .updateTable("cursors")
      .set((eb) => ({
        value: p.value,
        updated_at_ms: p.now,
        version: eb("version", "+", eb.lit(1)),
      }))
      .where("id", "=", p.id)
      .where("version", "=", p.fromVersion),
);

function recordMessage(e: EffectOf<"record-message">, facts: CommitFacts): CompiledEffect {
  const { connector, account } = e.address;
  return {
    steps: [
      write(
        remember,
        {
          connector,
          account,
          external_message_id: e.externalMessageId,
          message_id: e.id,
          expires_at_ms: e.rememberUntilMs,
        },
        "skip",
      ),
      write(insertMessage, {
        id: e.id,
        context_id: e.contextId,
        connector,
        account,
        external_message_id: e.externalMessageId,
        kind: e.kind,
        sender_external_id: e.senderExternalId,
        sender_name: e.senderName,
        identity_id: e.identityId,
        text: e.text,
        addressed: e.addressed ? 1 : 0,
        reply_to_external_id: e.replyToExternalId,
        edit_of: e.editOf,
        album_id: e.albumId ?? null,
        payload: e.payload,
        trust: e.trust,
        cause: e.id,
        sent_at_ms: e.sentAtMs,
        received_at_ms: e.receivedAtMs,
      }),
      ...enqueueSteps(e.job, facts, e.id),
    ],
    changes: [
      { topic: "messages", id: e.id },
      { topic: "jobs", id: e.job.id },
    ],
  };
}

function setCursor(e: EffectOf<"set-cursor">, { now }: CommitFacts): CompiledEffect {
  const id = `${e.connector}:${e.account}`;
  const moved = { refuse: "cursor_moved" } as const;
  const step =
    e.fromVersion === 0
      ? write(
          createCursor,
          { id, connector: e.connector, account: e.account, value: e.value, updated_at_ms: now },
          moved,
        )
      : write(moveCursor, { id, value: e.value, fromVersion: e.fromVersion, now }, moved);
  return { steps: [step], changes: [{ topic: "cursors", id }] };
}

export const messageSteps = {
  "record-message": recordMessage,
  "set-cursor": setCursor,
  "settle-message": (e: EffectOf<"settle-message">, { now }: CommitFacts): CompiledEffect => ({
    steps: [write(settleMessage, { id: e.id, outcome: e.outcome, reason: e.reason, now })],
    changes: [{ topic: "messages", id: e.id }],
  }),
  "decide-message": (e: EffectOf<"decide-message">, { now }: CommitFacts): CompiledEffect => ({
    steps: [
      write(decideMessage, {
        id: e.id,
        rule: e.rule,
        identity_id: e.identityId,
        trust: e.trust,
        told_presser: e.toldPresser ?? null,
        run_id: e.runId,
        task_id: e.taskId,
        outcome: e.outcome,
        reason: e.reason,
        forgets: e.forgetText === true ? 1 : 0,
        settled_at_ms: e.outcome === "pending" ? null : now,
      }),
    ],
    changes: [{ topic: "messages", id: e.id }],
  }),
};
