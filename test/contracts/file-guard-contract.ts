import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Effect, EffectOf } from "../../src/core/effect/effect.ts";
import { newId } from "../../src/core/ids.ts";
import { jobsOfLane } from "../../src/store/queries/jobs.ts";
import { aConversation, aJob, aMessage, type Conversation, commit, enqueue } from "./fixtures.ts";
import type { OpenedBackend, StoreBackend } from "./store-backend.ts";

/** What every store must refuse to change of the files that came with messages, and what it forgets of them. */
export function fileGuardContract(kind: StoreBackend): void {
  describe(`guards of files on ${kind.name}`, () => {
    let backend: OpenedBackend;
    let place: Conversation;
    const message = () => aMessage(place.contextId, `1001:${newId("msg")}`);
    beforeEach(async () => {
      backend = await kind.open();
      const { ids, effects } = aConversation();
      place = ids;
      await write(...effects);
    });
    afterEach(async () => {
      await backend.close();
    });

    async function write(...effects: readonly Effect[]): Promise<void> {
      expect(await commit(backend, effects)).toBe("committed");
    }
    const rows = () =>
      backend.store.list((db) => db.selectFrom("files").selectAll().orderBy("seq"));
    async function refuses(effect: Effect): Promise<void> {
      const before = await rows();
      expect(before).not.toEqual([]);
      expect(await commit(backend, [effect])).toBe("conflict");
      expect(await rows()).toEqual(before);
    }
    function aFile(messageId: string): EffectOf<"expect-file"> {
      return {
        type: "expect-file",
        id: newId("file"),
        messageId,
        ...place,
        userId: "usr_1",
        kind: "document",
        sourceId: "BQAC",
        name: "report.pdf",
        declaredBytes: null,
      };
    }

    test("expects a file once", async () => {
      const one = message();
      const file = aFile(one.id);
      await write(one, file, jobOf(file));
      await refuses({ ...file, name: "another.pdf" });
    });

    test.each(["save-file", "fail-file"] as const)("settles a file once: %s", async (first) => {
      const one = message();
      const { id, ...file } = aFile(one.id);
      const ends = {
        "save-file": save(id, "inbox/a"),
        "fail-file": { type: "fail-file", id, reason: "gone" },
      } as const satisfies Record<string, Effect>;
      await write(one, { id, ...file }, ends[first]);
      await refuses(save(id, "inbox/b"));
      await refuses({ type: "fail-file", id, reason: "not_saved" });
      expect(await rows()).toMatchObject([
        first === "save-file"
          ? { state: "saved", path: "inbox/a", reason: null, taint: 1 }
          : { state: "failed", path: null, reason: "gone", taint: 1 },
      ]);
    });

    test("changes no other file", async () => {
      const one = message();
      const [a, b] = [aFile(one.id), aFile(one.id)];
      await write(one, a, b, jobOf(b), save(a.id, "inbox/a"));
      expect((await rows()).map(({ state }) => state)).toEqual(["saved", "waiting"]);
    });

    test("puts a job that waits behind what its lane holds by now, and none that runs", async () => {
      const jobs = [aJob("lane"), aJob("lane"), aJob("lane")] as const;
      const requeue = (jobId: string, lane = "lane") =>
        commit(backend, [{ type: "requeue-job", jobId, lane, runAtMs: backend.clock.now() }]);
      const order = async () => {
        const waiting = await backend.store.all(jobsOfLane, { lane: "lane" });
        return waiting.map(({ id, head }) => [jobs.findIndex((one) => one.id === id), head]);
      };
      await write(...jobs.map(enqueue));
      expect(await requeue(jobs[0].id)).toBe("committed");
      expect(await order()).toEqual([
        [1, 1],
        [2, 0],
        [0, 0],
      ]);
      expect(await requeue(jobs[2].id)).toBe("committed");
      expect(await requeue(jobs[2].id, "another lane")).toBe("conflict");
      const [claimed] = await backend.engine("one").claim("light", 1, backend.clock.now());
      expect(claimed?.id).toBe(jobs[1].id);
      expect(await requeue(jobs[1].id)).toBe("conflict");
      expect(await order()).toEqual([
        [1, 1],
        [0, 0],
        [2, 0],
      ]);
    });

    test.each([true, false])(
      "forgets what came with a message as its text: %s",
      async (forgets) => {
        const payload = JSON.stringify({ files: [{ name: "report.pdf" }] });
        const one = { ...message(), payload };
        const decide = {
          type: "decide-message",
          id: one.id,
          rule: "not_addressed",
          identityId: null,
          trust: "stranger",
          runId: null,
          taskId: null,
          outcome: "dropped",
          reason: "not_addressed",
          forgetText: forgets,
        } as const;
        await write(one, decide);
        const left = await backend.store.list((db) => db.selectFrom("messages").selectAll());
        const kept = forgets ? { text: "", payload: null } : { text: "hello", payload };
        expect(left).toMatchObject([kept]);
      },
    );
  });
}

function save(id: string, path: string): EffectOf<"save-file"> {
  return { type: "save-file", id, path, sha256: "0", sizeBytes: 1, mediaType: "text/plain" };
}

function jobOf({ id: fileId }: EffectOf<"expect-file">): Effect {
  const job = { id: newId("job"), kind: "save-file", payload: { fileId } } as const;
  return { type: "enqueue-job", job: { ...job, lane: "a", priority: 10, runAtMs: 0 } };
}
