import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Effect } from "../../src/core/effect/effect.ts";
import { MAX_SWEPT_ROWS } from "../../src/core/effect/job-effect.ts";
import { newId } from "../../src/core/ids.ts";
import { TASK_STATUSES, type TaskStatus } from "../../src/core/task/task.ts";
import { routingOf } from "../../src/core/triage/routing.ts";
import {
  countOverdue,
  nextDueTask,
  overdueTasksOf,
} from "../../src/store/queries/overdue-tasks.ts";
import { taskById } from "../../src/store/queries/tasks.ts";
import { aConversation, aTask, type Conversation, commit } from "./fixtures.ts";
import type { OpenedBackend, StoreBackend } from "./store-backend.ts";

/** What every store must do with tasks whose time has passed: each is in one notice, once. */
export function overdueContract(kind: StoreBackend): void {
  describe(`overdue tasks on ${kind.name}`, () => {
    let backend: OpenedBackend;
    let place: Conversation;
    beforeEach(async () => {
      backend = await kind.open();
      const { ids, effects } = aConversation();
      place = ids;
      expect(await commit(backend, effects)).toBe("committed");
    });
    afterEach(() => backend.close());

    /** Waits for nobody, so that it has no job. */
    const dueAt = (dueAtMs: number | null) => {
      const [task] = aTask(place, newId("idn"));
      return { ...task, dueAtMs, waits: true } as const;
    };
    async function aDueTask(dueAtMs: number | null): Promise<string> {
      const task = dueAt(dueAtMs);
      expect(await commit(backend, [task])).toBe("committed");
      return task.id;
    }
    const mark = (notice: string, dueBeforeMs: number) =>
      commit(backend, [{ type: "mark-overdue", notice, dueBeforeMs }]);
    const noticeOf = async (id: string) =>
      (await backend.store.first(taskById, { id }))?.overdue_notice;
    const counted = async (notice: string) =>
      (await backend.store.all(countOverdue, { notice })).map((row) => Number(row.count));
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

    test("takes a task into one notice, when its time has passed and not before", async () => {
      const [due, later, never] = [await aDueTask(10), await aDueTask(11), await aDueTask(null)];
      expect(await backend.store.first(nextDueTask, {})).toEqual({ due_at_ms: 10 });
      expect(await mark("notice_1", 9)).toBe("conflict");
      expect(await mark("notice_1", 10)).toBe("committed");
      expect(await mark("notice_2", 10)).toBe("conflict");
      expect(await Promise.all([due, later, never].map(noticeOf))).toEqual([
        "notice_1",
        null,
        null,
      ]);
      expect(await backend.store.first(nextDueTask, {})).toEqual({ due_at_ms: 11 });
    });

    test("gives each task to one of two that ask at once", async () => {
      await Promise.all([1, 2, 3].map(aDueTask));
      // What the first one goes on with leaves the other time to look before it ends.
      const more = Array.from({ length: 300 }, () => dueAt(null));
      const first: Effect = { type: "mark-overdue", notice: "notice_1", dueBeforeMs: 10 };
      const results = await Promise.all([commit(backend, [first, ...more]), mark("notice_2", 10)]);
      expect(results.toSorted()).toEqual(["committed", "conflict"]);
      const counts = [...(await counted("notice_1")), ...(await counted("notice_2"))];
      expect(counts).toEqual([3]);
    });

    test.each(["succeeded", "failed", "cancelled"] as const)(
      "neither takes nor tells one that is %s",
      async (status) => {
        const [before, after] = [await aDueTask(1), await aDueTask(2)];
        await commit(backend, [move(before, status)]);
        expect(await mark("notice_1", 10)).toBe("committed");
        expect(await noticeOf(before)).toBeNull();
        await commit(backend, [move(after, status)]);
        expect(await counted("notice_1")).toEqual([]);
      },
    );

    test("takes a task again once it is routed anew", async () => {
      const id = await aDueTask(1);
      await mark("notice_1", 10);
      const routing = routingOf({ routeClass: "issue", dueAfterMs: 5 }, 10);
      await commit(backend, [{ type: "route-task", id, words: null, ...routing }]);
      expect(await counted("notice_1")).toEqual([]);
      expect(await mark("notice_2", 14)).toBe("conflict");
      expect(await mark("notice_2", 15)).toBe("committed");
      expect(await noticeOf(id)).toBe("notice_2");
    });

    test("tells a task that is worded anew again only when it is due at another time", async () => {
      const id = await aDueTask(1);
      await mark("notice_1", 10);
      const rewordedDueAt = async (dueAtMs: number) => {
        const routing = { ...routingOf({ routeClass: "issue" }, 0), dueAtMs };
        const words = { title: "[ISSUE] t", prompt: "p", sourceText: "s", taint: true };
        const reword: Effect = { type: "reword-task", id, ...words, ...routing };
        expect(await commit(backend, [reword])).toBe("committed");
        return await noticeOf(id);
      };
      expect(await rewordedDueAt(1)).toBe("notice_1");
      expect(await rewordedDueAt(2)).toBeNull();
      await mark("notice_2", 10);
      expect(await noticeOf(id)).toBe("notice_2");
    });

    test("takes so many at once, the longest overdue first, and tells the most urgent first", async () => {
      const many = Array.from({ length: MAX_SWEPT_ROWS + 1 }, (_, n) => dueAt(n + 1));
      const last = { ...many[0], ...dueAt(many.length), priority: "p1" } as const;
      expect(await commit(backend, [...many.slice(0, -1), last])).toBe("committed");
      expect(await mark("notice_1", 1_000)).toBe("committed");
      expect(await counted("notice_1")).toEqual([MAX_SWEPT_ROWS]);
      expect(await noticeOf(last.id)).toBeNull();
      expect(await mark("notice_1", 1_000)).toBe("committed");
      expect(await counted("notice_1")).toEqual([MAX_SWEPT_ROWS + 1]);
      const { workspaceId } = place;
      const told = await backend.store.all(overdueTasksOf, {
        notice: "notice_1",
        workspaceId,
        limit: 3,
      });
      expect(told.map((row) => [row.priority, row.due_at_ms])).toEqual([
        ["p1", MAX_SWEPT_ROWS + 1],
        ["p2", 1],
        ["p2", 2],
      ]);
    });
  });
}
