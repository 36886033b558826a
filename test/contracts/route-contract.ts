import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Effect, EffectOf } from "../../src/core/effect/effect.ts";
import { newId } from "../../src/core/ids.ts";
import { PRIORITY } from "../../src/core/job/lanes.ts";
import { FINAL_TASK_STATUSES, TASK_STATUSES, type TaskStatus } from "../../src/core/task/task.ts";
import { routingOf } from "../../src/core/triage/routing.ts";
import type { ClaimedJob } from "../../src/orchestrator/job-handler.ts";
import { jobsOfLane } from "../../src/store/queries/jobs.ts";
import { taskById } from "../../src/store/queries/tasks.ts";
import { aConversation, aTask, type Conversation, claimOf, commit } from "./fixtures.ts";
import { aRun } from "./guard-rows.ts";
import type { OpenedBackend, StoreBackend } from "./store-backend.ts";

/** What every store must do when a task is routed: it really takes another place in the queue. */
export function routeContract(kind: StoreBackend): void {
  describe(`routing on ${kind.name}`, () => {
    let backend: OpenedBackend;
    let place: Conversation;
    beforeEach(async () => {
      backend = await kind.open();
      const { ids, effects } = aConversation();
      place = ids;
      await write(effects);
    });
    afterEach(async () => {
      await backend.close();
    });

    async function write(effects: readonly Effect[]): Promise<void> {
      expect(await commit(backend, effects)).toBe("committed");
    }
    async function aQueuedTask() {
      const [task, run] = aTask(place, newId("idn"));
      await write([task, run]);
      return { id: task.id, jobId: run.type === "enqueue-job" ? run.job.id : "" };
    }
    const route = (id: string, choice: Parameters<typeof routingOf>[0]): Effect => ({
      type: "route-task",
      id,
      words: null,
      ...routingOf(choice, 0),
    });
    const prioritize = (jobId: string, priority: "p1" | "p2" | "p3"): Effect => ({
      type: "prioritize-job",
      jobId,
      priority: PRIORITY[priority],
    });
    const move = (id: string, to: TaskStatus): Effect => ({
      type: "move-task",
      id,
      from: TASK_STATUSES,
      to,
      runId: null,
      resultSummary: null,
      resultText: null,
      errorMessage: null,
    });
    const claim = () => backend.engine("one").claim("heavy", 1, backend.clock.now());
    async function claimInOrder(): Promise<string[]> {
      const order: string[] = [];
      for (let [job] = await claim(); job !== undefined; [job] = await claim()) {
        order.push((job as ClaimedJob<"run-task">).payload.taskId);
        await commit(backend, [move(order.at(-1) ?? "", "cancelled")], {
          claim: claimOf(job),
          settle: { kind: "done" },
        });
      }
      return order;
    }

    test("moves a task in front of those that came before it, and another behind them", async () => {
      const [first, second, third] = [
        await aQueuedTask(),
        await aQueuedTask(),
        await aQueuedTask(),
      ];
      await write([
        route(third.id, { routeClass: "issue", priority: "p1" }),
        prioritize(third.jobId, "p1"),
      ]);
      await write([route(first.id, { routeClass: "question" }), prioritize(first.jobId, "p3")]);
      expect(await claimInOrder()).toEqual([third.id, second.id, first.id]);
    });

    test("keeps the place of a task that is given back by its worker", async () => {
      const [running, other] = [await aQueuedTask(), await aQueuedTask()];
      const [job] = await claim();
      if (job === undefined) throw new Error("nothing was due");
      await write([prioritize(running.jobId, "p3")]);
      await commit(backend, [], { claim: claimOf(job), settle: { kind: "release" } });
      expect(await claimInOrder()).toEqual([other.id, running.id]);
    });

    test("says what an open task is, as a new version of it", async () => {
      const { id } = await aQueuedTask();
      await write([route(id, { routeClass: "moderation", dueAfterMs: 60_000 })]);
      expect(await backend.store.first(taskById, { id })).toMatchObject({
        route_class: "moderation",
        priority: "p1",
        due_at_ms: 60_000,
        assigned_lane: "moderation",
        status: "queued",
        version: 2,
      });
    });

    test.each(FINAL_TASK_STATUSES)("says nothing more of a task that is %s", async (status) => {
      const { id, jobId } = await aQueuedTask();
      const lane = (await backend.store.all(jobsOfLane, { lane: `task:${id}` }))[0]?.lane ?? "";
      await write([{ type: "remove-job", jobId, lane }, move(id, status)]);
      const before = await backend.store.first(taskById, { id });
      expect(await commit(backend, [route(id, { routeClass: "noise" })])).toBe("conflict");
      expect(await backend.store.first(taskById, { id })).toEqual(before);
    });

    test("moves no job that is gone or dead, and then routes nothing either", async () => {
      const [gone, dead] = [await aQueuedTask(), await aQueuedTask()];
      const [job] = await claim();
      if (job === undefined) throw new Error("nothing was due");
      await commit(backend, [move(gone.id, "succeeded")], {
        claim: claimOf(job),
        settle: { kind: "done" },
      });
      const [next] = await claim();
      if (next === undefined) throw new Error("nothing was due");
      const settle = { kind: "dead", error: "no" } as const;
      await commit(backend, [], { claim: claimOf(next), settle });
      for (const { id, jobId } of [gone, dead]) {
        const effects = [route(dead.id, { routeClass: "issue" }), prioritize(jobId, "p1")];
        expect([id, await commit(backend, effects)]).toEqual([id, "conflict"]);
      }
      expect(await backend.store.first(taskById, { id: dead.id })).toMatchObject({ version: 1 });
    });

    test("gives a task that waits other words as its next wording, and none to one that does not", async () => {
      const [task, run] = aTask(place, newId("idn"));
      await write([{ ...task, waits: true }]);
      const reword: Effect = {
        type: "reword-task",
        id: task.id,
        title: "[ISSUE] mended",
        prompt: "mended prompt",
        sourceText: "mended",
        taint: true,
        ...routingOf({ routeClass: "issue" }, 0),
      };
      await write([reword]);
      expect(await backend.store.first(taskById, { id: task.id })).toMatchObject({
        title: "[ISSUE] mended",
        prompt: "mended prompt",
        source_text: "mended",
        route_class: "issue",
        assigned_lane: "operations",
        taint: 1,
        wording: 2,
        version: 2,
        status: "blocked",
      });
      const start: Effect = {
        ...(move(task.id, "queued") as EffectOf<"move-task">),
        from: ["blocked"],
      };
      expect(await commit(backend, [start, run, reword])).toBe("conflict");
      await write([start, run]);
      expect(await commit(backend, [reword])).toBe("conflict");
      expect(await claimInOrder()).toEqual([task.id]);
      expect(await commit(backend, [reword])).toBe("conflict");
    });

    test("gives no other words to a task that was worked on and is blocked by that", async () => {
      const [task] = aTask(place, newId("idn"));
      const run = aRun(place);
      const begin: Effect = {
        ...(move(task.id, "running") as EffectOf<"move-task">),
        from: ["blocked"],
        runId: run.id,
      };
      await write([{ ...task, waits: true }, run, begin]);
      await write([{ ...begin, from: ["running"], to: "blocked" }]);
      const reword: Effect = {
        type: "reword-task",
        id: task.id,
        title: "[ISSUE] mended",
        prompt: "mended prompt",
        sourceText: "mended",
        taint: true,
        ...routingOf({ routeClass: "issue" }, 0),
      };
      expect(await commit(backend, [reword])).toBe("conflict");
      const over = { from: ["queued"], to: "cancelled", model: null, error: null } as const;
      await write([
        { ...begin, from: ["blocked"], to: "cancelled" },
        { type: "move-run", id: run.id, ...over },
      ]);
    });

    test("lets a task wait without a job until it is set going", async () => {
      const [task, run] = aTask(place, newId("idn"));
      await write([{ ...task, waits: true }]);
      expect(await backend.store.first(taskById, { id: task.id })).toMatchObject({
        status: "blocked",
      });
      expect(await claim()).toEqual([]);
      await write([
        { ...(move(task.id, "queued") as Effect & { type: "move-task" }), from: ["blocked"] },
        run,
      ]);
      expect(await claimInOrder()).toEqual([task.id]);
    });
  });
}
