import { LLMock } from "@copilotkit/aimock";
import { afterEach, beforeEach } from "vitest";
import type { ModelPlan } from "../../src/core/model/model-plan.ts";
import type { ModelRef } from "../../src/core/model/model-ref.ts";
import { type OpenedGate, openGate } from "./open-gate.ts";

export const SOL: ModelRef = { provider: "openai", model: "gpt-6-sol" };
export const SONNET: ModelRef = { provider: "anthropic", model: "claude-sonnet-5-5" };
/** Of an answer, in the words of both providers. */
export const USAGE = {
  usage: { prompt_tokens: 100, completion_tokens: 20, input_tokens: 100, output_tokens: 20 },
};
/** 100 tokens in and 20 out, at 2 and 10 dollars for a million. */
export const COST = 400;

/** A provider for each test of a file, and a gate to it when asked for. */
export function prepareGate() {
  let provider: LLMock;
  let opened: OpenedGate | undefined;
  beforeEach(async () => {
    provider = new LLMock({ port: 0 });
    await provider.start();
  });
  afterEach(async () => {
    await provider.stop();
    await opened?.close();
    opened = undefined;
  });

  /** The first of `models`, and the others when it cannot be had. */
  function planOf(
    models: readonly [ModelRef, ...ModelRef[]],
    baseUrl = `${provider.url}/v1`,
  ): ModelPlan {
    const endpoint = { baseUrl, apiKey: "sk-test" };
    return {
      models: { chat: models, task: models, triage: models, summary: models },
      endpoints: { openai: endpoint, anthropic: endpoint },
    };
  }

  return {
    provider: () => provider,
    planOf,
    async open(plan = planOf([SOL]), more: Parameters<typeof openGate>[1] = {}) {
      opened = await openGate(plan, more);
      return opened;
    },
  };
}
