import { SYSTEM_ACTOR } from "../../src/core/access/actor.ts";
import { newApiKey } from "../../src/core/access/api-key.ts";
import type { Effect } from "../../src/core/effect/effect.ts";
import { newId } from "../../src/core/ids.ts";
import type { ModelPlan } from "../../src/core/model/model-plan.ts";
import { createCallTimes } from "../../src/core/run/call-times.ts";
import type { SpendCaps } from "../../src/core/spend/spend-scope.ts";
import {
  createMeteredGate,
  type MeteredGate,
  type MeteredGateDeps,
} from "../../src/llm/metered-gate.ts";
import type { ModelCall } from "../../src/llm/model-call.ts";
import { createModels } from "../../src/llm/open-models.ts";
import { createPrices } from "../../src/llm/prices.ts";
import { statement } from "../../src/store/statement.ts";
import type { FakeClock } from "./fake-clock.ts";
import { NO_CAPS } from "./no-caps.ts";
import { openTestStore, type TestStore } from "./open-test-store.ts";

const usageRows = statement((db, _p: Record<never, never>) =>
  db.selectFrom("usage").selectAll().orderBy("created_at_ms").orderBy("id"),
);
const runModels = statement((db, _p: Record<never, never>) =>
  db.selectFrom("runs").select("model").orderBy("seq"),
);
const stepRows = statement((db, _p: Record<never, never>) =>
  db.selectFrom("run_steps").selectAll().orderBy("number"),
);

export interface OpenedGate {
  readonly gate: MeteredGate;
  readonly test: TestStore<FakeClock>;
  readonly log: string[];
  readonly texts: string[];
  /** A call of a new run; what it leaves to commit is committed. */
  ask(
    text: string,
    more?: Partial<ModelCall> & { signal?: AbortSignal; userId?: string; through?: MeteredGate },
  ): Promise<string>;
  /** A key of the API; returns the user it speaks as. */
  addKey(id: string): Promise<string>;
  usage(): ReturnType<typeof readUsage>;
  steps(): Promise<readonly { state: string; name: string; error: string | null }[]>;
  /** Which model each run goes on with, in the order they were begun. */
  models(): Promise<readonly (string | null)[]>;
  close(): Promise<void>;
}

/** A gate on a real store. */
export async function openGate(
  plan: ModelPlan,
  more: Partial<Omit<MeteredGateDeps, "caps">> & { caps?: Partial<SpendCaps> } = {},
): Promise<OpenedGate> {
  const test = await openTestStore();
  const { store, clock } = test;
  const log: string[] = [];
  const texts: string[] = [];
  const place = { workspaceId: newId("ws"), contextId: newId("ctx") };
  const commitNow = (name: string, effects: readonly Effect[]) =>
    store.commit({ name, actor: SYSTEM_ACTOR.id, cause: "test", now: clock.now(), effects });
  await commitNow("open", [
    { type: "create-workspace", id: place.workspaceId, name: "w", ownerUserId: null },
    {
      type: "create-context",
      id: place.contextId,
      workspaceId: place.workspaceId,
      address: { connector: "telegram", account: "1", externalId: "2" },
      kind: "private",
      title: "t",
    },
  ]);
  const gate = createMeteredGate({
    reader: store,
    clock,
    plan,
    open: createModels(plan),
    findPrice: createPrices().find,
    maxOutputTokens: 1_000,
    silenceMs: 60_000,
    isEnabled: true,
    callTimes: createCallTimes(),
    log: {
      write: (level, message, fields) => log.push(`${level} ${message} ${JSON.stringify(fields)}`),
    },
    ...more,
    caps: { ...NO_CAPS, ...more.caps },
  });

  return {
    gate,
    test,
    log,
    texts,
    async addKey(id) {
      const userId = newId("usr");
      const { hash, prefix } = newApiKey();
      const name = id;
      const { workspaceId } = place;
      await commitNow("create-key", [
        { type: "create-user", id: userId, displayName: name, role: "member", workspaceId },
        {
          type: "link-identity",
          id: newId("idn"),
          userId,
          connector: "api",
          externalUserId: id,
          displayName: name,
        },
        { type: "create-key", id, userId, name, prefix, hash, createdBy: "system" },
      ]);
      return userId;
    },
    async ask(
      text,
      { signal = AbortSignal.timeout(20_000), userId = "usr_1", through = gate, ...rest } = {},
    ) {
      const runId = newId("run");
      await commitNow("begin", [
        {
          type: "create-run",
          id: runId,
          kind: "turn",
          ...place,
          userId: null,
          messageId: null,
          taskId: null,
          taint: false,
        },
        { type: "move-run", id: runId, from: ["queued"], to: "parked", model: null, error: null },
      ]);
      const answer = await through.call(
        {
          work: { runId, workId: runId, userId, ...place },
          purpose: "chat",
          number: 1,
          instructions: "Be brief.",
          messages: [{ role: "user", content: text }],
          tools: [],
          seen: [],
          before: [],
          commit: (step) => store.commit({ ...step, cause: "test" }),
          onText: (grown) => texts.push(grown),
          ...rest,
        },
        signal,
      );
      await commitNow("end", answer.effects);
      return answer.text;
    },
    usage: () => readUsage(test),
    steps: () => store.all(stepRows, {}),
    models: async () => (await store.all(runModels, {})).map(({ model }) => model),
    close: () => test.close(),
  };
}

function readUsage({ store }: TestStore) {
  return store.all(usageRows, {});
}
