import { LLMock } from "@copilotkit/aimock";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type OpenedGate, openGate } from "../../test/support/open-gate.ts";
import type { GuardMode } from "../core/guardrail/guardrail.ts";
import { createRedactor } from "../core/redact.ts";
import { guardGate } from "./guard-gate.ts";

const KEY = "canary-of-a-key-of-ours";
const CARD = "4111 1111 1111 1111";

let provider: LLMock;
let opened: OpenedGate;
let asked: string;
beforeEach(async () => {
  provider = new LLMock({ port: 0 });
  await provider.start();
  provider.onMessage(/.*/, { content: "Fine." });
});
afterEach(async () => {
  await provider.stop();
  await opened.close();
});

/** What the model is told, as it goes over the wire, of a request that holds everything everywhere. */
async function tellAll(input: GuardMode): Promise<string> {
  const all = [{ provider: "openai", model: "gpt-6-sol" }] as const;
  opened = await openGate({
    models: { chat: all, task: all, triage: all, summary: all },
    endpoints: { openai: { baseUrl: `${provider.url}/v1`, apiKey: "sk-test" } },
  });
  const log = opened.log;
  const gate = guardGate(opened.gate, {
    redactor: createRedactor([KEY]),
    rules: { input, output: "disabled", values: ["cards"] },
    log: { write: (_level, message, fields) => log.push(`${message} ${JSON.stringify(fields)}`) },
  });
  const told = `${KEY} ${encodeURIComponent(KEY)} ${CARD} sk-shaped-like-a-key-of-theirs`;
  await opened.ask("", {
    through: gate,
    instructions: `Rules: ${told}`,
    messages: [
      { role: "user", content: `Before: ${told}` },
      {
        role: "assistant",
        content: [
          { type: "text", text: `I see ${told}` },
          { type: "tool-call", toolCallId: "c1", toolName: "read_file", input: { path: "a" } },
        ],
      },
      {
        role: "tool",
        content: [
          {
            type: "tool-result",
            toolCallId: "c1",
            toolName: "read_file",
            output: { type: "json", value: { lines: [`File: ${told}`] } },
          },
        ],
      },
      { role: "user", content: [{ type: "text", text: `Now: ${told}` }] },
    ],
  });
  asked = JSON.stringify(provider.getRequests().map(({ body }) => body));
  return asked;
}

describe("a model", () => {
  test.each(["disabled", "observe", "block", "redact"] as const)(
    "is never told a secret of ours, wherever it stands: %s",
    async (mode) => {
      await tellAll(mode);
      expect(asked).toContain("Rules:");
      expect(asked).toContain("File:");
      expect(asked).not.toContain(KEY);
      expect(asked).not.toContain(encodeURIComponent(KEY));
      // What looks like a secret and is not ours is theirs to speak of.
      expect(asked).toContain("sk-shaped-like-a-key-of-theirs");
    },
  );

  test.each(["block", "redact"] as const)("is told no guarded value: %s", async (mode) => {
    expect(await tellAll(mode)).not.toContain("1111");
  });

  test.each(["disabled", "observe"] as const)("is told values as they are: %s", async (mode) => {
    expect((await tellAll(mode)).split(CARD)).toHaveLength(6);
  });
});

test.each([
  ["disabled", false],
  ["observe", true],
  ["redact", true],
] as const)("%s notes what was found, and never the value: %s", async (mode, isNoted) => {
  await tellAll(mode);
  const noted = opened.log.filter((line) => line.includes("guardrail"));
  expect(noted).toHaveLength(isNoted ? 1 : 0);
  if (isNoted) expect(noted[0]).toContain('"found":["cards"]');
  expect(opened.log.join("\n")).not.toContain("1111");
});
