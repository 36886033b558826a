import { sql } from "kysely";
import type { EffectOf } from "../../core/effect/effect.ts";
import { MAX_SWEPT_ROWS } from "../../core/effect/job-effect.ts";
import { isUntold } from "../queries/overdue-tasks.ts";
import { statement } from "../statement.ts";
import type { TasksTable } from "../tables/tasks.ts";
import type { CommitFacts } from "./commit-facts.ts";
import { type CompiledEffect, write } from "./step.ts";

type Route = Pick<TasksTable, "id" | "route_class" | "priority" | "due_at_ms" | "assigned_lane"> & {
  title: string | null;
  prompt: string | null;
  now: number;
};
const routeTask = statement((db, p: Route) =>
  db
    .updateTable("tasks")
    .set((eb) => ({
      route_class: p.route_class,
      priority: p.priority,
      due_at_ms: p.due_at_ms,
      overdue_notice: null,
      assigned_lane: p.assigned_lane,
      title: eb.fn.coalesce(eb.cast<string | null>(eb.val(p.title), "text"), "title"),
      prompt: eb.fn.coalesce(eb.cast<string | null>(eb.val(p.prompt), "text"), "prompt"),
      updated_at_ms: p.now,
      version: eb("version", "+", eb.lit(1)),
    }))
    .where("id", "=", p.id)
    .where("status", "in", ["queued", "running", "blocked"]),
);

type Rewording = Pick<
  TasksTable,
  | "id"
  | "title"
  | "prompt"
  | "source_text"
  | "taint"
  | "route_class"
  | "priority"
  | "due_at_ms"
  | "assigned_lane"
> & { now: number };
const rewordTask = statement((db, p: Rewording) =>
  db
    .updateTable("tasks")
    .set((eb) => ({
      title: p.title,
      prompt: p.prompt,
      source_text: p.source_text,
      wording: eb("wording", "+", eb.lit(1)),
      taint: p.taint,
      route_class: p.route_class,
      priority: p.priority,
      // Told once for each due time.
      overdue_notice: sql<string | null>`case
        when due_at_ms = cast(${p.due_at_ms} as bigint) then overdue_notice else null end`,
      due_at_ms: p.due_at_ms,
      assigned_lane: p.assigned_lane,
      updated_at_ms: p.now,
      version: eb("version", "+", eb.lit(1)),
    }))
    .where("id", "=", p.id)
    .where("status", "=", "blocked")
    .where("run_id", "is", null),
);

const prioritizeJob = statement((db, p: { jobId: string; priority: number }) =>
  db
    .updateTable("jobs")
    .set({ priority: p.priority })
    .where("id", "=", p.jobId)
    .where("state", "!=", "dead"),
);

export const markOverdue = statement((db, p: { notice: string; dueBeforeMs: number }) =>
  db
    .updateTable("tasks")
    .set((eb) => ({ overdue_notice: p.notice, version: eb("version", "+", eb.lit(1)) }))
    .where((eb) =>
      eb(
        "seq",
        "in",
        eb
          .selectFrom("tasks")
          .select("seq")
          .where(isUntold)
          .where("due_at_ms", "<=", p.dueBeforeMs)
          .orderBy("due_at_ms")
          .limit(MAX_SWEPT_ROWS),
      ),
    )
    // Asked again of each row: another writer may have ended or routed it in between.
    .where(isUntold)
    .where("due_at_ms", "<=", p.dueBeforeMs),
);

export const routeSteps = {
  "route-task": (e: EffectOf<"route-task">, { now }: CommitFacts): CompiledEffect => ({
    steps: [
      write(routeTask, {
        id: e.id,
        route_class: e.routeClass,
        priority: e.priority,
        due_at_ms: e.dueAtMs,
        assigned_lane: e.assignedLane,
        title: e.words?.title ?? null,
        prompt: e.words?.prompt ?? null,
        now,
      }),
    ],
    changes: [{ topic: "tasks", id: e.id }],
  }),
  "mark-overdue": ({ notice, dueBeforeMs }: EffectOf<"mark-overdue">): CompiledEffect => ({
    steps: [write(markOverdue, { notice, dueBeforeMs })],
    changes: [{ topic: "tasks", id: notice }],
  }),
  "reword-task": (e: EffectOf<"reword-task">, { now }: CommitFacts): CompiledEffect => ({
    steps: [
      write(rewordTask, {
        id: e.id,
        title: e.title,
        prompt: e.prompt,
        source_text: e.sourceText,
        taint: e.taint ? 1 : 0,
        route_class: e.routeClass,
        priority: e.priority,
        due_at_ms: e.dueAtMs,
        assigned_lane: e.assignedLane,
        now,
      }),
    ],
    changes: [{ topic: "tasks", id: e.id }],
  }),
  "prioritize-job": (e: EffectOf<"prioritize-job">): CompiledEffect => ({
    steps: [write(prioritizeJob, { jobId: e.jobId, priority: e.priority })],
    changes: [{ topic: "jobs", id: e.jobId }],
  }),
};
