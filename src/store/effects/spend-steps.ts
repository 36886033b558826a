import { type ExpressionBuilder, type RawBuilder, sql } from "kysely";
import type { EffectOf } from "../../core/effect/effect.ts";
import { statement } from "../statement.ts";
import type { SpendTable, UsageTable } from "../tables/runs.ts";
import type { Tables } from "../tables.ts";
import type { CommitFacts } from "./commit-facts.ts";
import { type CompiledEffect, write } from "./step.ts";

const insertUsage = statement(
  (db, p: Omit<UsageTable, "state" | "cost_micro_usd" | "input_tokens" | "output_tokens">) =>
    db.insertInto("usage").values((eb) => ({
      id: p.id,
      run_id: p.run_id,
      step_id: p.step_id,
      workspace_id: p.workspace_id,
      context_id: p.context_id,
      user_id: p.user_id,
      key_id: p.key_id,
      purpose: p.purpose,
      work_id: p.work_id,
      day: p.day,
      model: p.model,
      state: "reserved",
      reserved_micro_usd: p.reserved_micro_usd,
      cost_micro_usd: eb.lit(0),
      input_tokens: eb.lit(0),
      output_tokens: eb.lit(0),
      created_at_ms: p.created_at_ms,
    })),
);
const settleUsage = statement(
  (db, p: Pick<UsageTable, "id" | "state" | "cost_micro_usd" | "input_tokens" | "output_tokens">) =>
    db
      .updateTable("usage")
      .set({
        state: p.state,
        cost_micro_usd: p.cost_micro_usd,
        input_tokens: p.input_tokens,
        output_tokens: p.output_tokens,
      })
      .where("id", "=", p.id)
      .where("state", "=", "reserved"),
);

type Scope = Pick<SpendTable, "key" | "day" | "began_at_ms">;
const openScope = statement((db, p: Scope) =>
  db
    .insertInto("spend")
    .values((eb) => ({
      key: p.key,
      day: p.day,
      began_at_ms: p.began_at_ms,
      spent_micro_usd: eb.lit(0),
      reserved_micro_usd: eb.lit(0),
      raised_micro_usd: eb.lit(0),
    }))
    .onConflict((oc) => oc.column("key").doNothing()),
);
/** The cap is asked in the statement that takes from it, so that calls at the same instant cannot pass it together. */
const reserveWithin = statement((db, p: { key: string; amount: number; cap: number }) =>
  db
    .updateTable("spend")
    .set((eb) => ({ reserved_micro_usd: eb("reserved_micro_usd", "+", p.amount) }))
    .where("key", "=", p.key)
    .where((eb) =>
      eb(
        eb(eb("spent_micro_usd", "+", eb.ref("reserved_micro_usd")), "+", p.amount),
        "<=",
        eb("raised_micro_usd", "+", p.cap),
      ),
    ),
);
const raise = statement((db, p: { key: string; by: number }) =>
  db
    .updateTable("spend")
    .set((eb) => ({ raised_micro_usd: eb("raised_micro_usd", "+", p.by) }))
    .where("key", "=", p.key),
);

type SpendBuilder = ExpressionBuilder<Tables, "spend">;
type Keys = (eb: SpendBuilder, id: string) => ReturnType<typeof keyOf>;

/** What was put aside becomes what was spent. Reads the reservation, so it comes before its end. */
function settleScopes(keys: Keys) {
  return statement((db, p: { id: string; cost: number }) =>
    db
      .updateTable("spend")
      .set((eb) => ({
        spent_micro_usd: eb("spent_micro_usd", "+", p.cost),
        reserved_micro_usd: eb(
          "reserved_micro_usd",
          "-",
          eb.selectFrom("usage").select("reserved_micro_usd").where("id", "=", p.id),
        ),
      }))
      .where("key", "in", (eb) => keys(eb, p.id)),
  );
}

// As `spendScopes` names them. The day's row comes first here as it does there: whoever waits for another waits there, and
// no two can wait for each other.
const settleDay = settleScopes((eb, id) => keyOf(eb, id, sql`'day:' || day`));
const settleOthers = settleScopes((eb, id) =>
  keyOf(eb, id, sql`'work:' || work_id`)
    .unionAll(keyOf(eb, id, sql`'key:' || key_id || ':' || day`))
    .unionAll(keyOf(eb, id, sql`'user:' || user_id || ':' || day`).where("key_id", "is", null))
    .unionAll(keyOf(eb, id, sql`'workspace:' || workspace_id || ':' || day`)),
);

function keyOf(eb: SpendBuilder, id: string, key: RawBuilder<string>) {
  return eb.selectFrom("usage").select(key.as("key")).where("usage.id", "=", id);
}

const NO_CAP = Number.MAX_SAFE_INTEGER;

export const spendSteps = {
  "reserve-usage": (e: EffectOf<"reserve-usage">, { now }: CommitFacts): CompiledEffect => ({
    steps: [
      write(insertUsage, {
        id: e.id,
        run_id: e.runId,
        step_id: e.stepId,
        workspace_id: e.workspaceId,
        context_id: e.contextId,
        user_id: e.userId,
        key_id: e.keyId,
        purpose: e.purpose,
        work_id: e.workId,
        day: e.day,
        model: e.model,
        reserved_micro_usd: e.reservedMicroUsd,
        created_at_ms: now,
      }),
      ...e.scopes.flatMap(({ key, day, capMicroUsd }) => [
        write(openScope, { key, day, began_at_ms: now }, "ignore"),
        write(
          reserveWithin,
          { key, amount: e.reservedMicroUsd, cap: capMicroUsd ?? NO_CAP },
          { refuse: "spend_cap" },
        ),
      ]),
    ],
    changes: [],
  }),
  "settle-usage": (e: EffectOf<"settle-usage">): CompiledEffect => ({
    steps: [
      write(settleDay, { id: e.id, cost: e.costMicroUsd }),
      write(settleOthers, { id: e.id, cost: e.costMicroUsd }),
      write(settleUsage, {
        id: e.id,
        state: e.state,
        cost_micro_usd: e.costMicroUsd,
        input_tokens: e.inputTokens,
        output_tokens: e.outputTokens,
      }),
    ],
    changes: [],
  }),
  "raise-spend": (e: EffectOf<"raise-spend">, { now }: CommitFacts): CompiledEffect => ({
    steps: [
      write(openScope, { ...e.scope, began_at_ms: now }, "ignore"),
      write(raise, { key: e.scope.key, by: e.byMicroUsd }),
    ],
    changes: [],
  }),
};
