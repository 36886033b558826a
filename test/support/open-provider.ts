import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { type ChatCompletionRequest, type FixtureResponse, LLMock } from "@copilotkit/aimock";

/** A request as it came in over the socket, before anything read it. */
interface AskedRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  // biome-ignore lint/suspicious/noExplicitAny: what a test asserts about it is its type.
  readonly body: any;
}

export interface TestProvider {
  readonly mock: LLMock;
  /** With its `/v1`. */
  readonly url: string;
  readonly asked: readonly AskedRequest[];
  /** Answers each round of a turn with the next of these; the first when no tool was called yet. */
  answerRounds(...rounds: readonly FixtureResponse[]): void;
  close(): Promise<void>;
}

/** A model's provider in the wire formats of OpenAI and Anthropic, which keeps what it was asked byte for byte. */
export async function openProvider(): Promise<TestProvider> {
  const mock = new LLMock({ port: 0 });
  await mock.start();
  const asked: AskedRequest[] = [];
  const front = createServer(async (request, response) => {
    const sent = await text(request);
    const path = request.url ?? "/";
    asked.push({ path, headers: request.headers, body: JSON.parse(sent) });
    try {
      const answer = await fetch(`${mock.url}${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: sent,
      });
      response.writeHead(answer.status, {
        "content-type": answer.headers.get("content-type") ?? "text/plain",
      });
      await pipeline(answer.body === null ? Readable.from([]) : answer.body, response);
    } catch {
      // A stream that is cut behind us is cut before us, and the other way round.
      response.destroy();
    }
  });
  await new Promise<void>((resolve) => front.listen(0, "127.0.0.1", resolve));
  const { port } = front.address() as AddressInfo;
  return {
    mock,
    url: `http://127.0.0.1:${port}/v1`,
    asked,
    answerRounds(...rounds) {
      mock.on({ predicate: () => true }, (request) => {
        const round = rounds[roundOf(request)];
        if (round === undefined)
          throw new Error("the provider was asked once more than it answers");
        return round;
      });
    },
    async close() {
      front.closeAllConnections();
      await new Promise((resolve) => front.close(resolve));
      await mock.stop();
    },
  };
}

/** How often tools were called since a person spoke last. */
function roundOf({ messages }: ChatCompletionRequest): number {
  const since = messages.slice(messages.findLastIndex(({ role }) => role === "user") + 1);
  return since.filter(({ tool_calls: calls = [] }) => calls.length > 0).length;
}

/** The environment of a runtime that asks this provider. */
export const asksOf = {
  openai: ({ url }: TestProvider) => ({
    LLM_PROVIDER: "openai",
    LLM_MODEL: "gpt-6-sol",
    LLM_BASE_URL: url,
  }),
  anthropic: ({ url }: TestProvider) => ({
    LLM_PROVIDER: "anthropic",
    LLM_MODEL: "claude-sonnet-5-5",
    LLM_BASE_URL: url,
  }),
} as const;
