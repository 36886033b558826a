import { sql } from "kysely";
import type { EffectOf } from "../../core/effect/effect.ts";
import { statement } from "../statement.ts";
import type { RulesTable, SummariesTable } from "../tables/memory.ts";
import type { CommitFacts } from "./commit-facts.ts";
import { type CompiledEffect, type Step, write } from "./step.ts";

const insertRule = statement((db, p: Omit<RulesTable, "dropped_at_ms">) =>
  db.insertInto("rules").values({
    context_id: p.context_id,
    number: p.number,
    message_id: p.message_id,
    text: p.text,
    created_at_ms: p.created_at_ms,
  }),
);
const dropRule = statement((db, p: { contextId: string; number: number; now: number }) =>
  db
    .updateTable("rules")
    .set({ dropped_at_ms: p.now })
    .where("context_id", "=", p.contextId)
    .where("number", "=", p.number)
    .where("dropped_at_ms", "is", null),
);

const insertStart = statement((db, p: { context_id: string; message_seq: number; now: number }) =>
  db
    .insertInto("conversation_starts")
    .values((eb) => ({
      context_id: p.context_id,
      message_seq: p.message_seq,
      reply_seq: eb.fn.coalesce(
        eb
          .selectFrom("deliveries")
          .select("seq")
          .where("context_id", "=", p.context_id)
          .orderBy("seq", "desc")
          .limit(1),
        eb.lit(0),
      ),
      created_at_ms: p.now,
    }))
    .onConflict((oc) => oc.columns(["context_id", "message_seq"]).doNothing()),
);

type NewSummary = Omit<SummariesTable, "version">;
const insertSummary = statement((db, p: NewSummary) =>
  db
    .insertInto("summaries")
    .values((eb) => ({
      context_id: p.context_id,
      start_seq: p.start_seq,
      text: p.text,
      up_to_message_seq: p.up_to_message_seq,
      up_to_reply_seq: p.up_to_reply_seq,
      tainted_by: p.tainted_by,
      written_at_ms: p.written_at_ms,
      version: eb.lit(1),
    }))
    .onConflict((oc) => oc.columns(["context_id", "start_seq"]).doNothing()),
);
const replaceSummary = statement((db, p: NewSummary & { from_version: number }) =>
  db
    .updateTable("summaries")
    .set((eb) => ({
      text: p.text,
      up_to_message_seq: p.up_to_message_seq,
      up_to_reply_seq: p.up_to_reply_seq,
      tainted_by: p.tainted_by,
      written_at_ms: p.written_at_ms,
      version: eb("version", "+", sql.lit(1)),
    }))
    .where("context_id", "=", p.context_id)
    .where("start_seq", "=", p.start_seq)
    .where("version", "=", p.from_version),
);

export const memorySteps = {
  "pin-rule": (e: EffectOf<"pin-rule">, { now }: CommitFacts): CompiledEffect =>
    changed(
      e.contextId,
      write(insertRule, {
        context_id: e.contextId,
        number: e.number,
        message_id: e.messageId,
        text: e.text,
        created_at_ms: now,
      }),
    ),
  "drop-rule": (e: EffectOf<"drop-rule">, { now }: CommitFacts): CompiledEffect =>
    changed(e.contextId, write(dropRule, { contextId: e.contextId, number: e.number, now })),
  "begin-conversation": (
    { contextId, messageSeq }: EffectOf<"begin-conversation">,
    { now }: CommitFacts,
  ): CompiledEffect =>
    changed(contextId, write(insertStart, { context_id: contextId, message_seq: messageSeq, now })),
  "write-summary": (e: EffectOf<"write-summary">, { now }: CommitFacts): CompiledEffect => {
    const row = {
      context_id: e.contextId,
      start_seq: e.startSeq,
      text: e.text,
      up_to_message_seq: e.upToMessageSeq,
      up_to_reply_seq: e.upToReplySeq,
      tainted_by: JSON.stringify(e.taintedBy),
      written_at_ms: now,
    };
    return changed(
      e.contextId,
      e.fromVersion === 0
        ? write(insertSummary, row)
        : write(replaceSummary, { ...row, from_version: e.fromVersion }),
    );
  },
};

function changed(contextId: string, step: Step): CompiledEffect {
  return { steps: [step], changes: [{ topic: "contexts", id: contextId }] };
}
