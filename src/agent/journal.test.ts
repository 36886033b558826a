import { LLMock } from "@copilotkit/aimock";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type OpenedGate, openGate } from "../../test/support/open-gate.ts";
import type { ModelPlan } from "../core/model/model-plan.ts";
import type { ModelRef } from "../core/model/model-ref.ts";
import { spendDay } from "../core/spend/spend-scope.ts";
import { spendOf } from "../store/queries/spend.ts";
import { closeLostAnswers } from "./journal.ts";

const SOL: ModelRef = { provider: "openai", model: "gpt-6-sol" };

let provider: LLMock;
let gate: OpenedGate;
beforeEach(async () => {
  provider = new LLMock({ port: 0 });
  await provider.start();
  const plan: ModelPlan = {
    models: { chat: [SOL], task: [SOL], triage: [SOL], summary: [SOL] },
    endpoints: { openai: { baseUrl: `${provider.url}/v1`, apiKey: "sk-test" } },
  };
  gate = await openGate(plan);
});
afterEach(async () => {
  await provider.stop();
  await gate.close();
});

test("counts a call that a crash cut off as all that was put aside", async () => {
  provider.onMessage("hello", { content: "slow ".repeat(500) }, { streamingProfile: { tps: 20 } });
  const { store, clock } = gate.test;
  const crash = new AbortController();
  const reason = new Error("crash");
  const call = gate.ask("hello", { signal: crash.signal, onText: () => crash.abort(reason) });
  await expect(call).rejects.toBe(reason);
  const [left] = await gate.usage();
  expect(left).toMatchObject({ state: "reserved", cost_micro_usd: 0 });

  const step = { name: "begin-turn", actor: "system", cause: "test", now: clock.now() };
  const effects = await closeLostAnswers({ store, now: clock.now() }, left?.run_id ?? "");
  expect(await store.commit({ ...step, effects })).toBe("committed");
  const reserved = left?.reserved_micro_usd ?? 0;
  expect(await gate.usage()).toMatchObject([{ state: "settled", cost_micro_usd: reserved }]);
  expect(await gate.steps()).toMatchObject([{ state: "unknown" }]);
  const row = await store.first(spendOf, { key: `day:${spendDay(clock.now())}` });
  expect(row).toMatchObject({ spent_micro_usd: reserved, reserved_micro_usd: 0 });
  // Whoever takes it over after that finds nothing left to settle.
  expect(await closeLostAnswers({ store, now: clock.now() }, left?.run_id ?? "")).toEqual([]);
});
