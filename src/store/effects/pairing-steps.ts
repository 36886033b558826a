import type { EffectOf } from "../../core/effect/effect.ts";
import { statement } from "../statement.ts";
import type { PairingsTable } from "../tables/people.ts";
import type { CommitFacts } from "./commit-facts.ts";
import { type CompiledEffect, write } from "./step.ts";

type NewPairing = Omit<
  PairingsTable,
  "version" | "status" | "decided_by" | "approver_user_id" | "reason"
>;
const insertPairing = statement((db, p: NewPairing) =>
  db
    .insertInto("pairings")
    .values((eb) => ({
      id: p.id,
      code_hash: p.code_hash,
      code_hint: p.code_hint,
      connector: p.connector,
      external_user_id: p.external_user_id,
      display_name: p.display_name,
      context_id: p.context_id,
      user_id: p.user_id,
      role: p.role,
      slot: p.slot,
      status: "pending",
      expires_at_ms: p.expires_at_ms,
      created_at_ms: p.created_at_ms,
      version: eb.lit(1),
    }))
    .onConflict((oc) => oc.doNothing()),
);

type Decided = Pick<PairingsTable, "id" | "status" | "approver_user_id" | "reason"> & {
  decidedBy: string;
  userId: string | null;
};
const decidePairing = statement((db, p: Decided) =>
  db
    .updateTable("pairings")
    .set((eb) => ({
      status: p.status,
      decided_by: p.decidedBy,
      approver_user_id: p.approver_user_id,
      reason: p.reason,
      user_id: eb.fn.coalesce(eb.cast<string | null>(eb.val(p.userId), "text"), "user_id"),
      version: eb("version", "+", eb.lit(1)),
    }))
    .where("id", "=", p.id)
    .where("status", "=", "pending"),
);

export const pairingSteps = {
  "create-pairing": (e: EffectOf<"create-pairing">, { now }: CommitFacts): CompiledEffect => ({
    steps: [
      write(insertPairing, {
        id: e.id,
        code_hash: e.codeHash,
        code_hint: e.codeHint,
        connector: e.connector,
        external_user_id: e.externalUserId,
        display_name: e.displayName,
        context_id: e.contextId,
        user_id: e.userId,
        role: e.role,
        slot: e.slot,
        expires_at_ms: e.expiresAtMs,
        created_at_ms: now,
      }),
    ],
    changes: [{ topic: "pairings", id: e.id }],
  }),
  "decide-pairing": (e: EffectOf<"decide-pairing">): CompiledEffect => ({
    steps: [
      write(decidePairing, {
        id: e.id,
        status: e.status,
        decidedBy: e.decidedBy,
        approver_user_id: e.approverUserId,
        reason: e.reason,
        userId: e.userId,
      }),
    ],
    changes: [{ topic: "pairings", id: e.id }],
  }),
};
