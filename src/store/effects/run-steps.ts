import { sql } from "kysely";
import type { EffectOf } from "../../core/effect/effect.ts";
import { FINAL_RUN_STATES } from "../../core/run/run.ts";
import { statement } from "../statement.ts";
import type { RunStepsTable, RunsTable } from "../tables/runs.ts";
import type { CommitFacts } from "./commit-facts.ts";
import { perMove } from "./per-move.ts";
import { type CompiledEffect, write } from "./step.ts";

type NewRun = Omit<
  RunsTable,
  | "seq"
  | "version"
  | "state"
  | "model"
  | "error"
  | "tainted_by"
  | "prompt_digest"
  | "tools_digest"
  | "first_prompt_digest"
  | "first_tools_digest"
  | "started_at_ms"
  | "finished_at_ms"
>;
const insertRun = statement((db, p: NewRun) =>
  db.insertInto("runs").values((eb) => ({
    id: p.id,
    kind: p.kind,
    workspace_id: p.workspace_id,
    context_id: p.context_id,
    user_id: p.user_id,
    message_id: p.message_id,
    task_id: p.task_id,
    state: "queued",
    taint: p.taint,
    tainted_by: sql.lit<string>("[]"),
    cause: p.cause,
    created_at_ms: p.created_at_ms,
    version: eb.lit(1),
  })),
);

type RunMove = {
  id: string;
  to: RunsTable["state"];
  model: string | null;
  error: string | null;
  now: number;
};
/** `from` is part of the statement's shape, so there is one statement a set of states. */
const moveRunFrom = perMove((from: readonly RunsTable["state"][], to: RunsTable["state"]) =>
  statement((db, p: RunMove) =>
    db
      .updateTable("runs")
      .set((eb) => ({
        state: p.to,
        // Work that goes on does so with the model that it has.
        model: eb.fn.coalesce("model", eb.cast<string | null>(eb.val(p.model), "text")),
        error: p.error,
        ...(to === "running" ? { started_at_ms: p.now } : {}),
        ...(FINAL_RUN_STATES.includes(to) || to === "interrupted" ? { finished_at_ms: p.now } : {}),
        version: eb("version", "+", eb.lit(1)),
      }))
      .where("id", "=", p.id)
      .where("state", "in", from),
  ),
);

type NewStep = Pick<
  RunStepsTable,
  "id" | "run_id" | "number" | "kind" | "name" | "request_digest" | "started_at_ms"
>;
const insertStep = statement((db, p: NewStep) =>
  db.insertInto("run_steps").values({
    id: p.id,
    run_id: p.run_id,
    number: p.number,
    kind: p.kind,
    name: p.name,
    state: "started",
    request_digest: p.request_digest,
    started_at_ms: p.started_at_ms,
  }),
);
const endStep = statement(
  (
    db,
    p: Pick<RunStepsTable, "id" | "state" | "result" | "error" | "tainted_by"> & { now: number },
  ) =>
    db
      .updateTable("run_steps")
      .set({
        state: p.state,
        result: p.result,
        error: p.error,
        tainted_by: p.tainted_by,
        finished_at_ms: p.now,
      })
      .where("id", "=", p.id)
      .where("state", "=", "started"),
);

/** Its version stays: nothing is decided by it. */
const pinRun = statement((db, p: { id: string; prompt: string; tools: string }) =>
  db
    .updateTable("runs")
    .set((eb) => ({
      prompt_digest: p.prompt,
      tools_digest: p.tools,
      first_prompt_digest: eb.fn.coalesce("first_prompt_digest", eb.val(p.prompt)),
      first_tools_digest: eb.fn.coalesce("first_tools_digest", eb.val(p.tools)),
    }))
    .where("id", "=", p.id),
);

/** As with what it is pinned to. */
const keepModel = statement((db, p: { id: string; model: string }) =>
  db.updateTable("runs").set({ model: p.model }).where("id", "=", p.id),
);

const taintRun = statement((db, p: { id: string; by: string }) =>
  db
    .updateTable("runs")
    .set((eb) => ({
      taint: eb.lit(1),
      tainted_by: p.by,
      version: eb("version", "+", eb.lit(1)),
    }))
    .where("id", "=", p.id),
);

export const runSteps = {
  "create-run": (e: EffectOf<"create-run">, { now, cause }: CommitFacts): CompiledEffect => ({
    steps: [
      write(insertRun, {
        id: e.id,
        kind: e.kind,
        workspace_id: e.workspaceId,
        context_id: e.contextId,
        user_id: e.userId,
        message_id: e.messageId,
        task_id: e.taskId,
        taint: e.taint ? 1 : 0,
        cause,
        created_at_ms: now,
      }),
    ],
    changes: [{ topic: "runs", id: e.id }],
  }),
  "move-run": (e: EffectOf<"move-run">, { now }: CommitFacts): CompiledEffect => ({
    steps: [
      write(moveRunFrom(e.from, e.to), { id: e.id, to: e.to, model: e.model, error: e.error, now }),
    ],
    changes: [{ topic: "runs", id: e.id }],
  }),
  "start-step": (e: EffectOf<"start-step">, { now }: CommitFacts): CompiledEffect => ({
    steps: [
      write(insertStep, {
        id: e.id,
        run_id: e.runId,
        number: e.number,
        kind: e.kind,
        name: e.name,
        request_digest: e.requestDigest,
        started_at_ms: now,
      }),
    ],
    changes: [],
  }),
  "end-step": (e: EffectOf<"end-step">, { now }: CommitFacts): CompiledEffect => ({
    steps: [
      write(endStep, {
        id: e.id,
        state: e.state,
        result: e.result,
        error: e.error,
        tainted_by: e.taintedBy ?? null,
        now: e.atMs ?? now,
      }),
    ],
    changes: [],
  }),
  "pin-run": (e: EffectOf<"pin-run">): CompiledEffect => ({
    steps: [write(pinRun, { id: e.id, prompt: e.promptDigest, tools: e.toolsDigest })],
    changes: [],
  }),
  "keep-model": (e: EffectOf<"keep-model">): CompiledEffect => ({
    steps: [write(keepModel, { id: e.id, model: e.model })],
    changes: [{ topic: "runs", id: e.id }],
  }),
  "taint-run": (e: EffectOf<"taint-run">): CompiledEffect => ({
    steps: [write(taintRun, { id: e.id, by: JSON.stringify(e.by) })],
    changes: [{ topic: "runs", id: e.id }],
  }),
};
