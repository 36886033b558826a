import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import type { Provider } from "../core/model/model-ref.ts";
import { createModels } from "./open-models.ts";
import { streamModel } from "./stream-model.ts";

let server: Server;
afterEach(() => new Promise((resolve) => server.close(resolve)));

/** What a model has said when its server has answered with these events, and closed the connection in good order. */
async function streamOf(provider: Exclude<Provider, "offline">, events: readonly object[]) {
  server = createServer((request, response) => {
    request.resume().on("end", () => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(""));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  const ref = { provider, model: "m" };
  const models = { chat: [ref], task: [ref], triage: [ref], summary: [ref] } as const;
  const open = createModels({ models, endpoints: { [provider]: { baseUrl, apiKey: "k" } } });
  return await streamModel(
    {
      model: await open(ref),
      instructions: "Be brief.",
      messages: [{ role: "user", content: "hello" }],
      tools: [],
      maxOutputTokens: 100,
      onText: undefined,
      onPart: () => undefined,
    },
    AbortSignal.timeout(20_000),
  );
}

const choice = (delta: object, finish_reason: string | null = null) => ({
  id: "1",
  choices: [{ index: 0, delta, finish_reason }],
});
const HALF_CALL = choice({
  tool_calls: [
    { index: 0, id: "c", function: { name: "run_command", arguments: '{"argv":["rm"' } },
  ],
});
const BEGUN = [
  {
    type: "message_start",
    message: { id: "m", model: "m", role: "assistant", content: [], usage: { input_tokens: 1 } },
  },
  { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
  { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "half of it" } },
];
const part = (text: string) => ({ content: { role: "model", parts: [{ text }] } });

test.each([
  ["openai", "text", [choice({ content: "half of it" })]],
  ["openai", "a call", [HALF_CALL]],
  ["openai-compatible", "text", [choice({ content: "half of it" })]],
  ["openai-compatible", "a call", [HALF_CALL]],
  ["anthropic", "text", BEGUN],
  ["google", "text", [{ candidates: [part("half of it")] }]],
] as const)("half of what %s says is no answer: %s", async (provider, _, events) => {
  await expect(streamOf(provider, events)).rejects.toThrow();
});

test.each([
  ["openai", [choice({ content: "all of it" }, "stop")]],
  ["openai-compatible", [choice({ content: "all of it" }, "stop")]],
  ["openai", [choice({ content: "all of it" }, "a reason of its own")]],
  ["google", [{ candidates: [{ ...part("all of it"), finishReason: "STOP" }] }]],
] as const)("all that %s says is", async (provider, events) => {
  expect(await streamOf(provider, events)).toMatchObject({ text: "all of it", calls: [] });
});
