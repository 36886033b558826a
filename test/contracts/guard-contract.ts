import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Effect, EffectOf } from "../../src/core/effect/effect.ts";
import { newId } from "../../src/core/ids.ts";
import { FINAL_RUN_STATES, type RunState } from "../../src/core/run/run.ts";
import { FINAL_TASK_STATUSES, type TaskStatus } from "../../src/core/task/task.ts";
import { aReservation } from "../support/a-reservation.ts";
import { aConversation, aMessage, aTask, type Conversation, commit } from "./fixtures.ts";
import {
  aDelivery,
  aPairing,
  aParkedRun,
  aRun,
  aStep,
  decidePairing,
  elsewhere,
  moveDelivery,
} from "./guard-rows.ts";
import type { OpenedBackend, StoreBackend } from "./store-backend.ts";

type Guarded =
  | "button_uses"
  | "contexts"
  | "messages"
  | "pairings"
  | "run_steps"
  | "runs"
  | "tasks"
  | "usage"
  | "workspaces";

/** What every store must refuse to rewrite: rows that are over, and rows that moved on since they were read. */
export function guardContract(kind: StoreBackend): void {
  describe(`guards on ${kind.name}`, () => {
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
    const rows = (table: Guarded) => backend.store.list((db) => db.selectFrom(table).selectAll());
    /** The effect is a conflict, and every row of the table stays as it is. */
    async function refuses(table: Guarded, effect: Effect): Promise<void> {
      const before = await rows(table);
      expect(before).not.toEqual([]);
      expect(await commit(backend, [effect])).toBe("conflict");
      expect(await rows(table)).toEqual(before);
    }

    test("makes the whole commit a conflict, also late in the list", async () => {
      const message = aMessage(place.contextId, "1001:1");
      const settle = {
        type: "settle-message",
        id: message.id,
        outcome: "dropped",
        reason: "test",
      } as const;
      await write([message, settle]);
      expect(await commit(backend, [aMessage(place.contextId, "1001:2"), settle])).toBe("conflict");
      expect(await rows("messages")).toHaveLength(1);
    });

    test("opens no second request of a person in one place, and none with a code there is", async () => {
      const request = aPairing();
      await write([request]);
      await refuses("pairings", aPairing());
      await refuses("pairings", { ...aPairing(), slot: 2, codeHash: request.codeHash });
      await write([
        { ...aPairing(), slot: 2 },
        { ...aPairing(), externalUserId: "8" },
      ]);
      await write([decidePairing(request.id, "expired"), aPairing()]);
    });

    test.each(["approved", "denied", "expired"] as const)(
      "decides no request to be let in that is %s",
      async (status) => {
        const request = aPairing();
        await write([request, decidePairing(request.id, status)]);
        for (const other of ["approved", "denied", "expired"] as const) {
          await refuses("pairings", decidePairing(request.id, other));
        }
      },
    );

    test("moves a conversation only from where it is, and to where nobody is", async () => {
      const { ids, effects } = aConversation();
      const move = (fromExternalId: string, toExternalId: string) =>
        ({
          type: "relocate-context",
          id: ids.contextId,
          fromExternalId,
          toExternalId,
        }) as const;
      await write(effects.map((one) => (one.type === "create-context" ? elsewhere(one) : one)));
      await refuses("contexts", move("-56", "-10056"));
      await refuses("contexts", move("-55", "1001"));
      await write([move("-55", "-10055")]);
      await refuses("contexts", move("-55", "-10055"));
    });

    test("changes a conversation only from what was read", async () => {
      const change = (fromVersion: number, prompt: string) =>
        ({
          type: "change-context",
          id: place.contextId,
          fromVersion,
          workspaceId: place.workspaceId,
          supervision: { of: "hub", userId: "usr_1" },
          prompt,
          addressing: "all",
          isTriaged: true,
        }) as const;
      await refuses("contexts", change(0, "too early"));
      await refuses("contexts", change(2, "too late"));
      await write([change(1, "Be brief.")]);
      await refuses("contexts", change(1, "said by another"));
      expect(await rows("contexts")).toMatchObject([
        {
          is_admin: 1,
          is_hub: 1,
          admin_user_id: "usr_1",
          prompt: "Be brief.",
          addressing: "all",
          is_triaged: 1,
          version: 2,
        },
      ]);
    });

    test("makes no second workspace of a chosen name; others are called as they are", async () => {
      const make = (name: string, chosen: { isNameChosen?: true } = { isNameChosen: true }) =>
        ({
          type: "create-workspace",
          id: newId("ws"),
          name,
          ownerUserId: null,
          ...chosen,
        }) as const;
      await write([make("Élan"), make("Élan", {}), make("Élan", {}), make("Elan")]);
      await refuses("workspaces", make("ÉLAN"));
    });

    test("uses a button once", async () => {
      const delivery = aDelivery(place);
      const use = (messageId: string, index = 0) =>
        ({ type: "use-button", deliveryId: delivery.id, index, messageId }) as const;
      await write([delivery, moveDelivery(delivery.id, 1, "sent"), use("msg_1"), use("msg_1", 1)]);
      await refuses("button_uses", use("msg_2"));
    });

    test.each(["dropped", "failed"] as const)(
      "decides nothing of a message that is settled as %s",
      async (outcome) => {
        const message = aMessage(place.contextId, "1001:1");
        await write([message]);
        await write([{ type: "settle-message", id: message.id, outcome, reason: "first" }]);
        const decide = {
          type: "decide-message",
          id: message.id,
          rule: "later",
          identityId: null,
          trust: "paired",
          runId: null,
          taskId: null,
          reason: "later",
        } as const;
        await refuses("messages", { ...decide, outcome: "pending" });
        await refuses("messages", { ...decide, outcome: "answered" });
      },
    );

    test("keeps beside what a run was told last what it was told first", async () => {
      const [run, park] = aParkedRun(place);
      const pin = (prompt: string, tools: string): Effect => {
        return { type: "pin-run", id: run.id, promptDigest: prompt, toolsDigest: tools };
      };
      await write([run, park, pin("p1", "t1")]);
      await write([pin("p2", "t1")]);
      const [row] = await backend.store.list((db) => db.selectFrom("runs").selectAll());
      expect(row).toMatchObject({ first_prompt_digest: "p1", first_tools_digest: "t1" });
      expect(row).toMatchObject({ prompt_digest: "p2", tools_digest: "t1" });
    });

    test.each(FINAL_RUN_STATES)("never rewrites a run that is %s", async (state) => {
      const run = aRun(place);
      const move = (from: readonly RunState[], to: RunState) =>
        ({ type: "move-run", id: run.id, from, to, model: "m", error: "e" }) as const;
      await write([run, move(["queued"], state)]);
      for (const to of [...FINAL_RUN_STATES, "running", "interrupted"] as const) {
        await refuses("runs", move(["queued", "running", "parked", "interrupted"], to));
      }
    });

    test("keeps the model that answered a run last, whatever it would begin with", async () => {
      const run = aRun(place);
      const move = (from: RunState, to: RunState) =>
        ({ type: "move-run", id: run.id, from: [from], to, model: "first", error: null }) as const;
      await write([run, move("queued", "parked")]);
      await write([{ type: "keep-model", id: run.id, model: "second" }]);
      await write([move("parked", "failed")]);
      expect(await rows("runs")).toMatchObject([{ id: run.id, model: "second" }]);
    });

    test.each(FINAL_TASK_STATUSES)("never rewrites a task that is %s", async (status) => {
      const [task] = aTask(place, "idn_1");
      const move = (from: readonly TaskStatus[], to: TaskStatus, text: string) =>
        ({
          type: "move-task",
          id: task.id,
          from,
          to,
          runId: null,
          resultSummary: text,
          resultText: text,
          errorMessage: text,
        }) as const;
      await write([task, move(["queued"], status, "the truth")]);
      for (const to of [...FINAL_TASK_STATUSES, "running"] as const) {
        await refuses("tasks", move(["queued", "running", "blocked"], to, "something else"));
      }
    });

    test.each(["finished", "failed", "unknown"] as const)(
      "never rewrites a step that is %s",
      async (state) => {
        const { id, effects } = aStep(place);
        const end = (to: EffectOf<"end-step">["state"], result: string) =>
          ({ type: "end-step", id, state: to, result, error: null }) as const;
        await write([...effects, end(state, "1")]);
        for (const to of ["finished", "failed", "unknown"] as const) {
          await refuses("run_steps", end(to, "2"));
        }
      },
    );

    test.each(["settled", "released"] as const)(
      "never rewrites usage that is %s",
      async (state) => {
        const { id: stepId, runId, effects } = aStep(place);
        const reserve = aReservation({ runId, stepId, ...place });
        const { id } = reserve;
        const settle = (to: typeof state, costMicroUsd: number) =>
          ({
            type: "settle-usage",
            id,
            state: to,
            inputTokens: 1,
            outputTokens: 1,
            costMicroUsd,
          }) as const;
        const end = { type: "end-step", id: stepId, result: null, error: null } as const;
        await write([
          ...effects,
          reserve,
          { ...end, state: "finished" },
          settle(state, state === "settled" ? 1 : 0),
        ]);
        await refuses("usage", settle("settled", 2));
        await refuses("usage", settle("released", 0));
      },
    );
  });
}
