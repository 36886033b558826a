import { existsSync } from "node:fs";
import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4StreamPart,
  LanguageModelV4Usage,
} from "@ai-sdk/provider";
import { NEVER } from "../../../src/core/abort.ts";
import { AppError } from "../../../src/core/errors.ts";
import { isSummary } from "../../../src/llm/summary-mode.ts";
import type { Seams } from "../seams.ts";
import { ripeFile } from "./program-protocol.ts";
import type { ProgramWorld } from "./run-program.ts";

const USAGE: LanguageModelV4Usage = {
  inputTokens: { total: 10, noCache: 10, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 5, text: 5, reasoning: 0 },
};
/** More than one message of Telegram holds. */
const LONG_LINES = 150;
/** Makes of long texts what no chat takes as messages. */
const TIMES_FOR_FILE = 8;

/**
 * A model that says back what it was asked, so that every answer shows which question it is to. `long` gets an answer of
 * several parts; `slow` gets none until it is aborted, `fail` never one, `grow` one that grows until the test lets it ripen. The call is a seam: made, and its answer read.
 */
export function createEchoModel(world: ProgramWorld): LanguageModelV4 {
  const { seams } = world;
  return {
    specificationVersion: "v4",
    provider: "test",
    modelId: "echo",
    supportedUrls: {},
    doGenerate: () => Promise.reject(new Error("this model only streams")),
    async doStream(options) {
      const text = lastQuestion(options);
      seams.pass("outside model", "before");
      if (isSummary(String(options.prompt[0]?.content))) return { stream: summary(seams) };
      world.onAsked(text);
      if (text.includes("fail")) throw new AppError("invalid_input", "this model will not");
      return { stream: ReadableStream.from(answer(text, world, options.abortSignal ?? NEVER)) };
    },
  };
}

/** Nobody asked for it, so nobody waits for it. */
function summary(seams: Seams): ReadableStream<LanguageModelV4StreamPart> {
  return ReadableStream.from<LanguageModelV4StreamPart>(
    (function* () {
      yield { type: "stream-start", warnings: [] };
      yield { type: "text-start", id: "t" };
      yield { type: "text-delta", id: "t", delta: "- They talked." };
      yield { type: "text-end", id: "t" };
      yield { type: "finish", usage: USAGE, finishReason: { unified: "stop", raw: undefined } };
      seams.pass("outside model", "after");
    })(),
  );
}

async function* answer(
  question: string,
  world: ProgramWorld,
  signal: AbortSignal,
): AsyncGenerator<LanguageModelV4StreamPart> {
  yield { type: "stream-start", warnings: [] };
  yield { type: "text-start", id: "t" };
  yield { type: "text-delta", id: "t", delta: `Echo: ${question}` };
  if (question.includes("slow")) await untilAborted(signal);
  const plant = /grow a (\w+)/.exec(question)?.[1];
  if (plant !== undefined) yield* grow(plant, world, signal);
  if (question.includes("long")) yield { type: "text-delta", id: "t", delta: longText() };
  if (question.includes("file")) {
    for (let n = 0; n < TIMES_FOR_FILE; n++) {
      yield { type: "text-delta", id: "t", delta: longText() };
    }
  }
  yield { type: "text-end", id: "t" };
  yield { type: "finish", usage: USAGE, finishReason: { unified: "stop", raw: undefined } };
  world.seams.pass("outside model", "after");
}

async function* grow(
  plant: string,
  { directory, clock }: ProgramWorld,
  signal: AbortSignal,
): AsyncGenerator<LanguageModelV4StreamPart> {
  for (let second = 0; !existsSync(ripeFile(directory, plant)); second++) {
    await clock.sleep(1_000, signal);
    yield { type: "text-delta", id: "t", delta: ` ${second}` };
  }
  yield { type: "text-delta", id: "t", delta: ` grown: a ${plant}.` };
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

function longText(): string {
  const lines = Array.from({ length: LONG_LINES }, (_, n) => `Line ${n} of what there is to say.`);
  return `\n\n${lines.join("\n\n")}`;
}

function lastQuestion({ prompt }: LanguageModelV4CallOptions): string {
  const last = prompt.findLast((message) => message.role === "user");
  if (last === undefined || last.role !== "user") return "";
  return last.content.map((part) => (part.type === "text" ? part.text : "")).join("");
}
