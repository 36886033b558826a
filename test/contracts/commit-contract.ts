import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Change } from "../../src/core/effect/change.ts";
import { newId } from "../../src/core/ids.ts";
import type { Settle } from "../../src/core/job/job.ts";
import { statement } from "../../src/store/statement.ts";
import { aConversation, aJob, aMessage, aTask, claimOf, commit, enqueue } from "./fixtures.ts";
import type { OpenedBackend, StoreBackend } from "./store-backend.ts";

type Nothing = Record<never, never>;
const allMessages = statement((db, _p: Nothing) =>
  db.selectFrom("messages").selectAll().orderBy("seq"),
);
const allContexts = statement((db, _p: Nothing) => db.selectFrom("contexts").selectAll());
const allJobs = statement((db, _p: Nothing) => db.selectFrom("jobs").selectAll().orderBy("seq"));
const allAudit = statement((db, _p: Nothing) => db.selectFrom("audit").selectAll().orderBy("seq"));
const counters = statement((db, _p: Nothing) => db.selectFrom("counters").selectAll());

const ENDS: { readonly [K in Settle["kind"]]: Settle & { kind: K } } = {
  done: { kind: "done" },
  snooze: { kind: "snooze", untilMs: 0 },
  retry: { kind: "retry", atMs: 0, error: "e" },
  release: { kind: "release" },
  discard: { kind: "discard", reason: "r" },
  dead: { kind: "dead", error: "e" },
};

/** What every store must do with a commit, whatever database it stands on. */
export function commitContract(kind: StoreBackend): void {
  describe(`commit on ${kind.name}`, () => {
    let backend: OpenedBackend;
    beforeEach(async () => {
      backend = await kind.open();
    });
    afterEach(async () => {
      await backend.close();
    });

    async function aConversationInStore() {
      const { ids, effects } = aConversation();
      expect(await commit(backend, effects)).toBe("committed");
      return ids;
    }

    test("writes its effects, its jobs and its audit row together", async () => {
      const { contextId } = await aConversationInStore();
      const message = aMessage(contextId, "1001:1");
      expect(
        await commit(backend, [message], { name: "receive-messages", cause: message.id }),
      ).toBe("committed");

      expect(await backend.store.all(allMessages, {})).toMatchObject([
        { id: message.id, outcome: "pending", cause: message.id, version: 1 },
      ]);
      expect(await backend.store.all(allJobs, {})).toMatchObject([
        { kind: "handle-message", cause: message.id, head: 1, state: "ready" },
      ]);
      expect((await backend.store.all(allAudit, {})).at(-1)).toMatchObject({
        name: "receive-messages",
        effects: "record-message",
        ids: expect.stringContaining(`messages:${message.id}`),
      });
    });

    test("keeps no text in the audit row", async () => {
      const { contextId } = await aConversationInStore();
      await commit(backend, [
        { ...aMessage(contextId, "1001:1"), text: "a very private sentence" },
      ]);
      expect(JSON.stringify(await backend.store.all(allAudit, {}))).not.toContain("private");
    });

    test("ignores a message it has seen before, and its job, but keeps the rest of the batch", async () => {
      const { contextId } = await aConversationInStore();
      await commit(backend, [aMessage(contextId, "1001:1")]);
      expect(
        await commit(backend, [aMessage(contextId, "1001:1"), aMessage(contextId, "1001:2")]),
      ).toBe("committed");
      const rows = await backend.store.all(allMessages, {});
      expect(rows.map((row) => row.external_message_id)).toEqual(["1001:1", "1001:2"]);
      expect(await backend.store.all(allJobs, {})).toHaveLength(2);
    });

    test("is a conflict when a fact it rests on has moved, and then changes nothing", async () => {
      const { contextId, workspaceId } = await aConversationInStore();
      const seen = [{ table: "contexts", id: contextId, version: 1 }] as const;
      expect(
        await commit(backend, [{ type: "move-context", id: contextId, workspaceId }], { seen }),
      ).toBe("committed");
      const audited = (await backend.store.all(allAudit, {})).length;
      expect(await commit(backend, [enqueue(aJob("a"))], { seen })).toBe("conflict");
      expect(await backend.store.all(allJobs, {})).toHaveLength(0);
      expect(await backend.store.all(allAudit, {})).toHaveLength(audited);
    });

    test("is a conflict when a row that must be absent is there", async () => {
      const { contextId } = await aConversationInStore();
      expect(
        await commit(backend, [enqueue(aJob("a"))], {
          seen: [{ table: "contexts", id: "ctx_none", version: 0 }],
        }),
      ).toBe("committed");
      expect(
        await commit(backend, [enqueue(aJob("b"))], {
          seen: [{ table: "contexts", id: contextId, version: 0 }],
        }),
      ).toBe("conflict");
    });

    test("lets one of many that rest on the same version through", async () => {
      const { contextId, workspaceId } = await aConversationInStore();
      const attempt = () =>
        commit(backend, [{ type: "move-context", id: contextId, workspaceId }], {
          seen: [{ table: "contexts", id: contextId, version: 1 }],
        });
      const results = await Promise.all([attempt(), attempt(), attempt(), attempt(), attempt()]);
      expect(results.filter((result) => result === "committed")).toHaveLength(1);
      expect(results.filter((result) => result === "conflict")).toHaveLength(4);
    });

    test("is a conflict when two make the same conversation", async () => {
      const results = await Promise.all([
        commit(backend, aConversation("9").effects),
        commit(backend, aConversation("9").effects),
      ]);
      expect(results.toSorted()).toEqual(["committed", "conflict"]);
      expect(await backend.store.all(allContexts, {})).toHaveLength(1);
    });

    test("keeps chats -123 and 123 apart", async () => {
      expect(await commit(backend, aConversation("-123").effects)).toBe("committed");
      expect(await commit(backend, aConversation("123").effects)).toBe("committed");
    });

    test("refuses a cursor that has moved, with the messages of its batch", async () => {
      const { contextId } = await aConversationInStore();
      const cursor = (value: string, fromVersion: number) =>
        ({ type: "set-cursor", connector: "telegram", account: "77", value, fromVersion }) as const;
      expect(await commit(backend, [cursor("10", 0)])).toBe("committed");
      expect(await commit(backend, [cursor("11", 1)])).toBe("committed");
      expect(await commit(backend, [aMessage(contextId, "1001:1"), cursor("12", 1)])).toEqual({
        refused: "cursor_moved",
      });
      expect(await commit(backend, [cursor("9", 0)])).toEqual({ refused: "cursor_moved" });
      expect(await backend.store.all(allMessages, {})).toHaveLength(0);
    });

    test("changes nothing under a claim that was lost, not even in an intermediate step", async () => {
      await commit(backend, [enqueue(aJob("a"))]);
      const [job] = await backend.engine("one").claim("light", 1, backend.clock.now());
      if (job === undefined) throw new Error("nothing was claimed");
      await backend.expireClaims();
      expect(await backend.engine("two").reclaim(backend.clock.now())).toBe(1);

      const late = { claim: claimOf(job) };
      expect(await commit(backend, aConversation().effects, late)).toEqual({
        refused: "claim_lost",
      });
      expect(
        await commit(backend, aConversation().effects, { ...late, settle: { kind: "done" } }),
      ).toEqual({ refused: "claim_lost" });
      expect(await backend.store.all(allContexts, {})).toHaveLength(0);
    });

    test("takes intermediate steps under a claim that holds, and ends the job with the last", async () => {
      await commit(backend, [enqueue(aJob("a"))]);
      const [job] = await backend.engine("one").claim("light", 1, backend.clock.now());
      if (job === undefined) throw new Error("nothing was claimed");
      expect(await commit(backend, aConversation("1").effects, { claim: claimOf(job) })).toBe(
        "committed",
      );
      expect(
        await commit(backend, aConversation("2").effects, {
          claim: claimOf(job),
          settle: { kind: "done" },
        }),
      ).toBe("committed");
      expect(await backend.store.all(allJobs, {})).toHaveLength(0);
      expect(await commit(backend, [], { claim: claimOf(job), settle: { kind: "done" } })).toEqual({
        refused: "claim_lost",
      });
    });

    test("uses a login code once, and not after its time", async () => {
      const { ids, effects } = aConversation();
      const userId = newId("usr");
      const now = backend.clock.now();
      await commit(backend, [
        ...effects,
        {
          type: "create-user",
          id: userId,
          displayName: "Owner",
          role: "overlord",
          workspaceId: ids.workspaceId,
        },
        { type: "create-login-code", codeHash: "fresh", userId, expiresAtMs: now + 60_000 },
        { type: "create-login-code", codeHash: "stale", userId, expiresAtMs: now - 1 },
      ]);
      const use = (codeHash: string) => commit(backend, [{ type: "use-login-code", codeHash }]);
      const results = await Promise.all([use("fresh"), use("fresh")]);
      expect(results).toContainEqual("committed");
      expect(results).toContainEqual({ refused: "login_code_used" });
      expect(await use("stale")).toEqual({ refused: "login_code_used" });
      expect(await use("unknown")).toEqual({ refused: "login_code_used" });
    });

    test("tells what changed after it is readable, and says nothing of what did not happen", async () => {
      const { contextId } = await aConversationInStore();
      const told: Change[] = [];
      const readable: Promise<unknown>[] = [];
      const unsubscribe = backend.store.changes.subscribe((changes) => {
        told.push(...changes);
        readable.push(
          backend.store.all(allMessages, {}).then((rows) => expect(rows).toHaveLength(1)),
        );
      });
      const message = aMessage(contextId, "1001:1");
      await commit(backend, [message]);
      await commit(backend, [
        { type: "settle-message", id: "msg_none", outcome: "failed", reason: "x" },
      ]);
      await commit(backend, [aMessage(contextId, "1001:1")]);
      unsubscribe();
      await Promise.all(readable);
      expect(told).toEqual([
        { topic: "messages", id: message.id },
        { topic: "jobs", id: message.job.id },
      ]);
    });

    test("writes an audit row for every commit but an unaudited one", async () => {
      await commit(backend, aConversation("1").effects);
      await commit(backend, [{ type: "finish-probe", probeId: "probe_1" }], { unaudited: true });
      await commit(backend, aConversation("2").effects);
      expect(await backend.store.all(allAudit, {})).toHaveLength(2);
    });

    test.each(Object.values(ENDS))(
      "writes an audit row for a commit that ends its job: $kind",
      async (settle) => {
        await commit(backend, [enqueue(aJob("a"))]);
        const [job] = await backend.engine("one").claim("light", 1, backend.clock.now());
        if (job === undefined) throw new Error("nothing was claimed");
        const end = { name: "end", claim: claimOf(job), settle };
        expect(await commit(backend, aConversation().effects, end)).toBe("committed");
        const rows = await backend.store.all(allAudit, {});
        expect(rows.filter(({ name }) => name === "end")).toMatchObject([
          { effects: `create-workspace,create-context,job:${settle.kind}` },
        ]);
      },
    );

    test("makes one task of an idempotency key of a caller", async () => {
      const { ids, effects } = aConversation();
      await commit(backend, effects);
      const make = (sourceUserId: string, key?: string) =>
        commit(backend, aTask(ids, sourceUserId, key));
      expect(await make("idn_1", "k")).toBe("committed");
      expect(await make("idn_1", "k")).toBe("conflict");
      expect(await make("idn_2", "k")).toBe("committed");
      expect(await make("idn_1")).toBe("committed");
      expect(await make("idn_1")).toBe("committed");
    });

    test("sweeps only what is past its time", async () => {
      const { contextId } = await aConversationInStore();
      await commit(backend, [
        { ...aMessage(contextId, "1001:1"), rememberUntilMs: 10 },
        { ...aMessage(contextId, "1001:2"), rememberUntilMs: 20, receivedAtMs: 90_000_000 },
      ]);
      const one = { type: "count", windowMs: 1, limit: 1 } as const;
      await commit(backend, [{ ...one, key: "a" }], { now: 10 });
      await commit(backend, [{ ...one, key: "b" }], { now: 20 });
      await commit(backend, [
        { type: "sweep", table: "counters", beforeMs: 15 },
        { type: "sweep", table: "login_codes", beforeMs: 15 },
        { type: "sweep", table: "sessions", beforeMs: 15 },
        { type: "sweep", table: "dedupe", beforeMs: 15 },
      ]);
      expect(await backend.store.all(counters, {})).toMatchObject([{ key: "b" }]);
      const remembered = await backend.store.list((db) => db.selectFrom("dedupe").selectAll());
      expect(remembered).toMatchObject([{ external_message_id: "1001:2" }]);
    });
  });
}
