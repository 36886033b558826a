import { describe, expect, test } from "vitest";
import { createFakeClock } from "../../test/support/fake-clock.ts";
import { createScriptedModel, type ScriptedCall } from "../../test/support/scripted-model.ts";
import { NEVER } from "../core/abort.ts";
import type { Effect } from "../core/effect/effect.ts";
import { AppError } from "../core/errors.ts";
import { type CommitStep, createMeteredGate, type ModelCall } from "./metered-gate.ts";
import { chooseModel, type Model } from "./models.ts";
import { createPrices } from "./prices.ts";

const PRICES = createPrices(
  new Map([["scripted", { inputMicroUsd: 3_000_000, outputMicroUsd: 15_000_000 }]]),
);

function setUp(
  model: Model,
  answer: Awaited<ReturnType<CommitStep>> = "committed",
  isEnabled = true,
) {
  const clock = createFakeClock();
  const log: string[] = [];
  const gate = createMeteredGate({
    model,
    isEnabled,
    prices: PRICES,
    clock,
    log: { write: (_level, message, fields) => log.push(`${message} ${JSON.stringify(fields)}`) },
  });
  const commits: (readonly Effect[])[] = [];
  const texts: string[] = [];
  const call: ModelCall = {
    run: { id: "run_1", workspaceId: "ws_1", userId: null },
    number: 1,
    instructions: "Be brief.",
    messages: [{ role: "user", content: "hello" }],
    seen: [{ table: "runs", id: "run_1", version: 2 }],
    before: [],
    commit: async (step) => {
      commits.push(step.effects);
      return answer;
    },
    onText: (text) => texts.push(text),
  };
  return { gate, clock, commits, texts, log, ask: (signal = NEVER) => gate.call(call, signal) };
}

const types = (effects: readonly Effect[] | undefined) => effects?.map((effect) => effect.type);
const scripted = (...script: [ScriptedCall, ...ScriptedCall[]]) => createScriptedModel(...script);

describe("the gate", () => {
  test("journals and reserves before it asks, and hands back how it ended", async () => {
    const model = scripted({ text: "good day to you" });
    const { ask, commits, texts } = setUp(model);
    const answer = await ask();

    expect(commits.map(types)).toEqual([["start-step", "reserve-usage"]]);
    const reserved = commits[0]?.find((effect) => effect.type === "reserve-usage");
    expect(reserved?.model).toBe("scripted");
    expect(reserved?.reservedMicroUsd).toBeGreaterThanOrEqual(15 * 4_096);
    expect(answer).toMatchObject({ text: "good day to you", calledTools: false, isCutOff: false });
    expect(answer.effects).toMatchObject([
      { type: "end-step", state: "finished" },
      {
        type: "settle-usage",
        state: "settled",
        inputTokens: 10,
        outputTokens: 5,
        costMicroUsd: 105,
      },
    ]);
    expect(texts).toEqual(["good ", "good day ", "good day to ", "good day to you"]);
  });

  test("asks nothing and writes nothing while models are switched off", async () => {
    const model = scripted({ text: "never" });
    const { ask, commits } = setUp(model, "committed", false);
    await expect(ask()).rejects.toMatchObject({ code: "access_denied" });
    expect(commits).toEqual([]);
    expect(model.calls).toEqual([]);
  });

  test("does not ask when the reservation was not committed", async () => {
    const model = scripted({ text: "hi" });
    await expect(setUp(model, "conflict").ask()).rejects.toMatchObject({ code: "unavailable" });
    expect(model.calls).toHaveLength(0);
  });

  test("commits a failure at once and keeps its details for the log", async () => {
    const { ask, commits, log } = setUp(
      scripted({ failWith: new Error("quota of key k-1 used up") }),
    );
    const error = await ask().catch((caught: unknown) => caught);

    expect(error).toMatchObject({ code: "unavailable", message: "The model did not answer." });
    expect(commits.map(types)).toEqual([
      ["start-step", "reserve-usage"],
      ["end-step", "settle-usage"],
    ]);
    expect(commits[1]).toMatchObject([{ state: "failed" }, { state: "released" }]);
    expect(log.join()).toContain("quota of key k-1 used up");
  });

  test("asks once: what to do about a failure is the queue's business", async () => {
    const model = scripted({ failWith: new Error("503") }, { text: "never said" });
    await setUp(model)
      .ask()
      .catch(() => undefined);
    expect(model.calls).toHaveLength(1);
  });

  test("rejects with the reason of an abort and leaves the step open for who ends the run", async () => {
    const model = scripted({ hangAfter: "well " });
    const { ask, commits } = setUp(model);
    const stop = new AbortController();
    const asked = ask(stop.signal).catch((caught: unknown) => caught);
    await model.begun(1);
    const reason = new AppError("cancelled", "stop");
    stop.abort(reason);

    expect(await asked).toBe(reason);
    expect(commits).toHaveLength(1);
  });

  test("does not begin when it is stopped already", async () => {
    const { ask, commits } = setUp(scripted({ text: "hi" }));
    await expect(ask(AbortSignal.abort(new Error("late")))).rejects.toThrow("late");
    expect(commits).toHaveLength(0);
  });

  test("cuts a long failure before what may be half of a secret", async () => {
    const failure = `${"no ".repeat(160)}sk-${"a1".repeat(30)} is no key`;
    const { ask, commits } = setUp(scripted({ failWith: new Error(failure) }));
    await ask().catch(() => undefined);
    expect(commits[1]).toMatchObject([{ error: "no ".repeat(160) }, {}]);
  });

  test("gives up on a model that never ends", async () => {
    const model = scripted({ hangAfter: "well " });
    const { ask, clock, commits } = setUp(model);
    const asked = ask().catch((caught: unknown) => caught);
    await model.begun(1);
    clock.advance(10 * 60_000);

    expect(await asked).toMatchObject({ code: "unavailable" });
    expect(commits[1]).toMatchObject([{ state: "failed" }, { state: "released" }]);
  });

  test("serves the offline model like any other", async () => {
    const { ask, gate } = setUp(chooseModel(undefined));
    expect(gate.modelId).toBe("offline");
    expect(await ask()).toMatchObject({
      text: expect.stringContaining("offline model"),
      calledTools: false,
    });
  });
});
