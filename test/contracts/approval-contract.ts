import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ExecutionState } from "../../src/core/approval/approval.ts";
import type { Effect, EffectOf } from "../../src/core/effect/effect.ts";
import { newId } from "../../src/core/ids.ts";
import {
  type ApprovalFilter,
  countPendingApprovals,
  listApprovalRows,
  openRaises,
} from "../../src/store/queries/approvals.ts";
import { pastCalls, runAtDepth } from "../../src/store/queries/past-calls.ts";
import { statement } from "../../src/store/statement.ts";
import { aConversation, type Conversation, commit } from "./fixtures.ts";
import { aParkedRun } from "./guard-rows.ts";
import type { OpenedBackend, StoreBackend } from "./store-backend.ts";

const approvals = statement((db, _p: Record<never, never>) =>
  db.selectFrom("approvals").selectAll().orderBy("seq"),
);

/** Who may still decide what, and how often: every store must hold this together. */
export function approvalContract(kind: StoreBackend): void {
  describe(`approvals on ${kind.name}`, () => {
    let backend: OpenedBackend;
    let place: Conversation;
    let runId: string;
    beforeEach(async () => {
      backend = await kind.open();
      const { ids, effects } = aConversation();
      place = ids;
      const [run, parked] = aParkedRun(place);
      runId = run.id;
      await commit(backend, [...effects, run, parked]);
    });
    afterEach(async () => {
      await backend.close();
    });

    const opened = (slot: number | null = 0): EffectOf<"open-approval"> => ({
      type: "open-approval",
      id: newId("act"),
      runId,
      stepId: newId("step"),
      ...place,
      requestedByUserId: "usr_1",
      isRepeat: false,
      line: "Send a mail",
      tool: "send_email",
      toolClass: "network",
      sensitivity: "outward",
      arguments: "{}",
      digest: "d",
      policyVersion: "sensitive-only/1",
      taintedBy: [],
      undoMs: 30_000,
      slot,
      expiresAtMs: backend.clock.now() + 1_000,
      remindAtMs: backend.clock.now() + 500,
    });
    const decide = (id: string, to: "approved" | "denied" | "expired"): Effect => ({
      type: "decide-approval",
      id,
      to,
      decidedBy: "idn_1",
      decidedByUserId: "usr_2",
      note: null,
    });
    const execute = (id: string, from: ExecutionState, to: ExecutionState): Effect => ({
      type: "move-execution",
      id,
      from: [from],
      to,
    });
    const stateOf = async () =>
      (await backend.store.all(approvals, {})).map((row) => [row.state, row.execution]);

    test("are decided once, whoever asks at the same instant", async () => {
      const one = opened();
      await commit(backend, [one]);
      const decisions = ["approved", "denied", "approved", "denied"] as const;
      const results = await Promise.all(
        decisions.map((to) => commit(backend, [decide(one.id, to)])),
      );
      expect(results.filter((result) => result === "committed")).toHaveLength(1);
      expect(results.filter((result) => result === "conflict")).toHaveLength(3);
    });

    test("are not given once they have expired, though nobody has swept", async () => {
      const one = opened();
      await commit(backend, [one]);
      const late = { now: one.expiresAtMs };
      expect(await commit(backend, [decide(one.id, "approved")], late)).toBe("conflict");
      expect(await commit(backend, [decide(one.id, "expired")], late)).toBe("committed");
      expect(await stateOf()).toEqual([["expired", "not_executed"]]);
    });

    test("are consumed once, and only when they were given", async () => {
      const one = opened();
      await commit(backend, [one]);
      expect(await commit(backend, [execute(one.id, "not_executed", "executing")])).toBe(
        "conflict",
      );
      await commit(backend, [decide(one.id, "approved")]);
      const results = await Promise.all(
        Array.from({ length: 5 }, () =>
          commit(backend, [execute(one.id, "not_executed", "executing")]),
        ),
      );
      expect(results.filter((result) => result === "committed")).toHaveLength(1);
      expect(await commit(backend, [execute(one.id, "executing", "unknown")])).toBe("committed");
      expect(await commit(backend, [execute(one.id, "executing", "succeeded")])).toBe("conflict");
      expect(await stateOf()).toEqual([["approved", "unknown"]]);
    });

    test("are taken back or sent, never both, whoever asks at the same instant", async () => {
      const one = opened();
      await commit(backend, [one]);
      await commit(backend, [
        decide(one.id, "approved"),
        execute(one.id, "not_executed", "delayed"),
      ]);
      expect(await commit(backend, [execute(one.id, "not_executed", "executing")])).toBe(
        "conflict",
      );
      const results = await Promise.all(
        (["taken_back", "not_executed", "taken_back"] as const).map((to) =>
          commit(backend, [execute(one.id, "delayed", to)]),
        ),
      );
      expect(results.filter((result) => result === "committed")).toHaveLength(1);
      const [row] = await backend.store.all(approvals, {});
      expect(row).toMatchObject({ undo_ms: 30_000, executed_at_ms: null });
    });

    test("for more money are found among the open ones, the oldest first, save those of doubt", async () => {
      const raise = (slot: number) => ({ ...opened(slot), tool: "raise_spend" });
      const [first, second, decided] = [raise(0), raise(1), raise(2)];
      const doubtful = { ...raise(3), isRepeat: true };
      for (const one of [first, decided, second, doubtful, opened(4)]) await commit(backend, [one]);
      await commit(backend, [decide(decided.id, "denied")]);
      const found = await backend.store.all(openRaises, {});
      expect(found.map(({ id }) => id)).toEqual([first.id, second.id]);
      expect(found[0]).toMatchObject({ run_state: "parked" });
    });

    test("of a denied call are never consumed", async () => {
      const one = opened();
      await commit(backend, [one, decide(one.id, "denied")]);
      expect(await commit(backend, [execute(one.id, "not_executed", "executing")])).toBe(
        "conflict",
      );
    });

    test("hold their slot of the conversation while they are open", async () => {
      const one = opened(3);
      expect(await commit(backend, [one])).toBe("committed");
      expect(await commit(backend, [opened(3)])).toBe("conflict");
      for (const _ of [1, 2]) expect(await commit(backend, [opened(null)])).toBe("committed");
      expect(await commit(backend, [opened(4)])).toBe("committed");
      await commit(backend, [decide(one.id, "denied")]);
      expect(await commit(backend, [opened(3)])).toBe("committed");
    });

    test("are opened once for a step", async () => {
      const one = opened(0);
      await commit(backend, [one]);
      expect(await commit(backend, [{ ...opened(1), stepId: one.stepId }])).toBe("conflict");
    });

    test("are listed newest first, by state, person and conversation, a page at a time", async () => {
      const [one, two, three] = [opened(0), opened(1), opened(2)];
      const others = { ...three, requestedByUserId: "usr_2" };
      for (const each of [one, two, others]) await commit(backend, [each]);
      await commit(backend, [decide(two.id, "denied")]);
      const idsOf = async (filter: Partial<ApprovalFilter>) => {
        const all = { scope: undefined, isForGroup: false, limit: 10, ...filter };
        return (await listApprovalRows(backend.store, all)).map(({ id }) => id);
      };
      const mine = { userId: "usr_1", workspaceId: null, contextId: null };
      expect(await idsOf({})).toEqual([others.id, two.id, one.id]);
      expect(await idsOf({ state: "pending" })).toEqual([others.id, one.id]);
      expect(await idsOf({ scope: mine, isForGroup: true })).toEqual([two.id, one.id]);
      expect(await idsOf({ scope: { ...mine, userId: "usr_3" } })).toEqual([]);
      expect(await idsOf({ scope: { ...mine, contextId: place.contextId } })).toHaveLength(3);
      expect(await idsOf({ workspaceId: "ws_none" })).toEqual([]);
      const [newest] = await listApprovalRows(backend.store, {
        scope: undefined,
        isForGroup: false,
        limit: 1,
      });
      expect(await idsOf({ beforeSeq: newest?.seq, limit: 1 })).toEqual([two.id]);
      const counted = await backend.store.first(countPendingApprovals, {});
      expect(Number(counted?.count)).toBe(2);
    });

    test("are counted for the calls of the past, which are found by when their run began", async () => {
      const one = opened(0);
      const call: Effect = {
        type: "open-call",
        id: one.stepId,
        runId,
        number: 1,
        round: 0,
        callId: "c1",
        tool: "send_email",
        arguments: "{}",
        state: "waiting",
        result: null,
        error: null,
      };
      await commit(backend, [call, one]);
      const found = await backend.store.all(pastCalls, { sinceMs: 0, limit: 9 });
      expect(found.map((row) => [row.name, Number(row.was_asked)])).toEqual([["send_email", 1]]);
      const laterMs = backend.clock.now() + 60_000;
      expect(await backend.store.all(pastCalls, { sinceMs: laterMs, limit: 9 })).toEqual([]);
      expect(await backend.store.first(runAtDepth, { depth: 0 })).toBeDefined();
      expect(await backend.store.first(runAtDepth, { depth: 1 })).toBeUndefined();
    });

    test("are reminded of once, and not when they are decided", async () => {
      const [one, other] = [opened(0), opened(1)];
      await commit(backend, [one, other, decide(other.id, "denied")]);
      const remind = (id: string) => commit(backend, [{ type: "remind-approval", id }]);
      expect(await remind(one.id)).toBe("committed");
      expect(await remind(one.id)).toBe("conflict");
      expect(await remind(other.id)).toBe("conflict");
    });
  });
}
