import { type ChatCompletionRequest, LLMock } from "@copilotkit/aimock";

/** A model's provider: it lists the folder until it was told of it `steps - 1` times, then answers. */
const [steps, thinkMs] = process.argv.slice(2).map(Number);
const provider = new LLMock({ port: 0, logLevel: "silent", journalMaxEntries: 1 });
provider.on({ predicate: () => true }, async (request) => {
  await new Promise((resolve) => setTimeout(resolve, thinkMs));
  const round = roundOf(request);
  return round < (steps ?? 1) - 1
    ? { toolCalls: [{ id: `call_${round}`, name: "list_files", arguments: "{}" }] }
    : { content: "I looked, and there is nothing new." };
});
await provider.start();
process.send?.({ url: `${provider.url}/v1` });

function roundOf({ messages }: ChatCompletionRequest): number {
  const asked = messages.findLastIndex(({ role }) => role === "user");
  return messages.slice(asked + 1).filter(({ tool_calls: calls = [] }) => calls.length > 0).length;
}
