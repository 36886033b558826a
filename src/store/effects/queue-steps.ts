import type { EffectOf } from "../../core/effect/effect.ts";
import { MAX_SWEPT_ROWS } from "../../core/effect/job-effect.ts";
import { type Statement, statement } from "../statement.ts";
import type { CommitFacts } from "./commit-facts.ts";
import { cancelSteps, dropSteps, enqueueSteps, removeSteps, replaySteps } from "./job-steps.ts";
import { type CompiledEffect, write } from "./step.ts";

const finishProbe = statement((db, p: { id: string; now: number }) =>
  db.insertInto("probes").values({ id: p.id, finished_at_ms: p.now }),
);
const forgetProbes = statement((db, p: { id: string }) =>
  db.deleteFrom("probes").where("id", "!=", p.id),
);
const putSetting = statement((db, p: { key: string; value: string }) =>
  db
    .insertInto("settings")
    .values({ key: p.key, value: p.value })
    .onConflict((oc) => oc.column("key").doUpdateSet({ value: p.value })),
);

type Sweep = Statement<{ beforeMs: number }>;
const sweeps: Record<EffectOf<"sweep">["table"], Sweep> = {
  dedupe: statement((db, p: { beforeMs: number }) =>
    db
      .deleteFrom("dedupe")
      .where((eb) =>
        eb(
          eb.refTuple("connector", "account", "external_message_id"),
          "in",
          eb
            .selectFrom("dedupe")
            .select(["connector", "account", "external_message_id"])
            .where("expires_at_ms", "<", p.beforeMs)
            .limit(MAX_SWEPT_ROWS)
            .$asTuple("connector", "account", "external_message_id"),
        ),
      ),
  ),
  login_codes: statement((db, p: { beforeMs: number }) =>
    db
      .deleteFrom("login_codes")
      .where("code_hash", "in", (eb) =>
        eb
          .selectFrom("login_codes")
          .select("code_hash")
          .where("expires_at_ms", "<", p.beforeMs)
          .limit(MAX_SWEPT_ROWS),
      ),
  ),
  sessions: statement((db, p: { beforeMs: number }) =>
    db
      .deleteFrom("sessions")
      .where("token_hash", "in", (eb) =>
        eb
          .selectFrom("sessions")
          .select("token_hash")
          .where("expires_at_ms", "<", p.beforeMs)
          .limit(MAX_SWEPT_ROWS),
      ),
  ),
  pairings: statement((db, p: { beforeMs: number }) =>
    db
      .deleteFrom("pairings")
      .where("id", "in", (eb) =>
        eb
          .selectFrom("pairings")
          .select("id")
          .where("expires_at_ms", "<", p.beforeMs)
          .limit(MAX_SWEPT_ROWS),
      ),
  ),
  counters: statement((db, p: { beforeMs: number }) =>
    db
      .deleteFrom("counters")
      .where("key", "in", (eb) =>
        eb
          .selectFrom("counters")
          .select("key")
          .where("window_start_ms", "<", p.beforeMs)
          .limit(MAX_SWEPT_ROWS),
      ),
  ),
  // What holds money that is put aside is still in use.
  spend: statement((db, p: { beforeMs: number }) =>
    db
      .deleteFrom("spend")
      .where("key", "in", (eb) =>
        eb
          .selectFrom("spend")
          .select("key")
          .where("began_at_ms", "<", p.beforeMs)
          .where("reserved_micro_usd", "=", 0)
          .limit(MAX_SWEPT_ROWS),
      ),
  ),
};

export const queueSteps = {
  "enqueue-job": (e: EffectOf<"enqueue-job">, facts: CommitFacts): CompiledEffect => ({
    steps: enqueueSteps(e.job, facts, e.cause),
    changes: [{ topic: "jobs", id: e.job.id }],
  }),
  "cancel-job": (e: EffectOf<"cancel-job">, facts: CommitFacts): CompiledEffect => ({
    steps: cancelSteps(e, facts),
    changes: [{ topic: "cancels", id: e.jobId }],
  }),
  "remove-job": (e: EffectOf<"remove-job">, facts: CommitFacts): CompiledEffect => ({
    steps: removeSteps({ jobId: e.jobId, lane: e.lane }, facts),
    changes: [{ topic: "jobs", id: e.jobId }],
  }),
  "replay-job": (e: EffectOf<"replay-job">, facts: CommitFacts): CompiledEffect => ({
    steps: replaySteps({ jobId: e.jobId, lane: e.lane }, facts),
    changes: [{ topic: "jobs", id: e.jobId }],
  }),
  "drop-job": (e: EffectOf<"drop-job">): CompiledEffect => ({
    steps: dropSteps(e.jobId),
    changes: [{ topic: "jobs", id: e.jobId }],
  }),
  "finish-probe": (e: EffectOf<"finish-probe">, { now }: CommitFacts): CompiledEffect => ({
    steps: [
      write(finishProbe, { id: e.probeId, now }),
      write(forgetProbes, { id: e.probeId }, "ignore"),
    ],
    changes: [{ topic: "probes", id: e.probeId }],
  }),
  "set-setting": (e: EffectOf<"set-setting">): CompiledEffect => ({
    steps: [write(putSetting, { key: e.key, value: e.value })],
    changes: [{ topic: "settings", id: e.key }],
  }),
  sweep: (e: EffectOf<"sweep">): CompiledEffect => ({
    steps: [write(sweeps[e.table], { beforeMs: e.beforeMs }, "ignore")],
    changes: [],
  }),
};
