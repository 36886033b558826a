import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { newId } from "../../src/core/ids.ts";
import { taskById } from "../../src/store/queries/tasks.ts";
import { aConversation, aTask, type Conversation, commit } from "./fixtures.ts";
import type { OpenedBackend, StoreBackend } from "./store-backend.ts";

/** What every store must keep of tasks that the agent makes and ends. */
export function taskContract(kind: StoreBackend): void {
  describe(`tasks on ${kind.name}`, () => {
    let backend: OpenedBackend;
    let place: Conversation;
    beforeEach(async () => {
      backend = await kind.open();
      const { ids, effects } = aConversation();
      place = ids;
      expect(await commit(backend, effects)).toBe("committed");
    });
    afterEach(async () => {
      await backend.close();
    });

    async function made(change: { depth?: number; taint?: boolean }) {
      const [task, job] = aTask(place, newId("idn"));
      expect(await commit(backend, [{ ...task, ...change }, job])).toBe("committed");
      return await row(task.id);
    }
    async function row(id: string) {
      const found = await backend.store.first(taskById, { id });
      if (found === undefined) throw new Error(`no task ${id}`);
      return found;
    }

    test("know how deep they are", async () => {
      expect((await made({})).depth).toBe(0);
      expect((await made({ depth: 2 })).depth).toBe(2);
    });

    test.each([
      [false, undefined, 0],
      [false, true, 1],
      [true, undefined, 1],
    ] as const)(
      "tainted %s and moved with taint %s are %i, and stay so",
      async (taint, moved, then) => {
        const { id } = await made({ taint });
        const move = (from: "queued" | "running", to: "running" | "queued", tainted?: true) =>
          commit(backend, [
            {
              type: "move-task",
              id,
              from: [from],
              to,
              runId: null,
              resultSummary: null,
              resultText: null,
              errorMessage: null,
              ...(tainted === undefined ? {} : { taint: tainted }),
            },
          ]);
        expect(await move("queued", "running", moved)).toBe("committed");
        expect((await row(id)).taint).toBe(then);
        expect(await move("running", "queued")).toBe("committed");
        expect((await row(id)).taint).toBe(then);
      },
    );
  });
}
