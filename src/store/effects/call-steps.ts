import type { EffectOf } from "../../core/effect/effect.ts";
import { sha256Hex } from "../../core/ids.ts";
import { statement } from "../statement.ts";
import type { RunStepsTable } from "../tables/runs.ts";
import type { CommitFacts } from "./commit-facts.ts";
import { type CompiledEffect, write } from "./step.ts";

type NewCall = Omit<RunStepsTable, "kind" | "tainted_by">;
const insertCall = statement((db, p: NewCall) =>
  db.insertInto("run_steps").values({
    id: p.id,
    run_id: p.run_id,
    number: p.number,
    kind: "tool",
    name: p.name,
    state: p.state,
    request_digest: p.request_digest,
    round: p.round,
    call_id: p.call_id,
    arguments: p.arguments,
    result: p.result,
    error: p.error,
    started_at_ms: p.started_at_ms,
    finished_at_ms: p.finished_at_ms,
  }),
);

type Open = EffectOf<"begin-call">["from"];

/** What is unknown has no result as long as a person is asked about it. */
const beginCall = statement((db, p: { id: string; from: Open; now: number }) =>
  db
    .updateTable("run_steps")
    .set({ state: "started", started_at_ms: p.now, finished_at_ms: null })
    .where("id", "=", p.id)
    .where("state", "=", p.from)
    .where("result", "is", null),
);

type Denied = { id: string; from: Open; to: "denied" | "unknown"; result: string; now: number };
const denyCall = statement((db, p: Denied) =>
  db
    .updateTable("run_steps")
    .set({ state: p.to, result: p.result, finished_at_ms: p.now })
    .where("id", "=", p.id)
    .where("state", "=", p.from)
    .where("result", "is", null),
);

const holdCall = statement((db, p: { id: string }) =>
  db
    .updateTable("run_steps")
    .set({ state: "waiting" })
    .where("id", "=", p.id)
    .where("state", "=", "ready"),
);

const interruptCall = statement((db, p: { id: string; to: EffectOf<"interrupt-call">["to"] }) =>
  db
    .updateTable("run_steps")
    .set({ state: p.to })
    .where("id", "=", p.id)
    .where("kind", "=", "tool")
    .where("state", "=", "started"),
);

export const callSteps = {
  "open-call": (e: EffectOf<"open-call">, { now }: CommitFacts): CompiledEffect => ({
    steps: [
      write(insertCall, {
        id: e.id,
        run_id: e.runId,
        number: e.number,
        name: e.tool,
        state: e.state,
        request_digest: sha256Hex(`${e.tool} ${e.arguments}`),
        round: e.round,
        call_id: e.callId,
        arguments: e.arguments,
        result: e.result,
        error: e.error,
        started_at_ms: now,
        finished_at_ms: e.state === "denied" || e.state === "failed" ? now : null,
      }),
    ],
    changes: [],
  }),
  "begin-call": (e: EffectOf<"begin-call">, { now }: CommitFacts): CompiledEffect => ({
    steps: [write(beginCall, { id: e.id, from: e.from, now: e.atMs ?? now })],
    changes: [],
  }),
  "deny-call": (e: EffectOf<"deny-call">, { now }: CommitFacts): CompiledEffect => ({
    steps: [
      write(denyCall, {
        id: e.id,
        from: e.from,
        to: e.from === "unknown" ? "unknown" : "denied",
        result: e.result,
        now,
      }),
    ],
    changes: [],
  }),
  "hold-call": (e: EffectOf<"hold-call">): CompiledEffect => ({
    steps: [write(holdCall, { id: e.id })],
    changes: [],
  }),
  "interrupt-call": (e: EffectOf<"interrupt-call">): CompiledEffect => ({
    steps: [write(interruptCall, { id: e.id, to: e.to })],
    changes: [],
  }),
};
