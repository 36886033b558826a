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

type Scope = Pick<SpendTable, "key" | "day">;
const openScope = statement((db, p: Scope) =>
  db
    .insertInto("spend")
    .values((eb) => ({
      key: p.key,
      day: p.day,
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

/** What was put aside becomes what was spent, in every scope of the call. Reads the reservation, so it comes before its end. */
const settleScopes = statement((db, p: { id: string; cost: number }) =>
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
    .where("key", "in", (eb) => scopesOf(eb, p.id)),
);

/** As `spendScopes` names them. */
function scopesOf(eb: ExpressionBuilder<Tables, "spend">, id: string) {
  const key = (name: RawBuilder<string>) =>
    eb.selectFrom("usage").select(name.as("key")).where("usage.id", "=", id);
  return key(sql<string>`'day:' || day`)
    .unionAll(key(sql<string>`'work:' || work_id`))
    .unionAll(key(sql<string>`'user:' || user_id || ':' || day`))
    .unionAll(key(sql<string>`'workspace:' || workspace_id || ':' || day`));
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
        purpose: e.purpose,
        work_id: e.workId,
        day: e.day,
        model: e.model,
        reserved_micro_usd: e.reservedMicroUsd,
        created_at_ms: now,
      }),
      ...e.scopes.flatMap(({ key, day, capMicroUsd }) => [
        write(openScope, { key, day }, "ignore"),
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
      write(settleScopes, { id: e.id, cost: e.costMicroUsd }),
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
  "raise-spend": (e: EffectOf<"raise-spend">): CompiledEffect => ({
    steps: [
      write(openScope, e.scope, "ignore"),
      write(raise, { key: e.scope.key, by: e.byMicroUsd }),
    ],
    changes: [],
  }),
};
