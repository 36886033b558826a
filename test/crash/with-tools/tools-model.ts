import { appendFileSync } from "node:fs";
import { join } from "node:path";
import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4StreamPart,
} from "@ai-sdk/provider";
import type { Seams } from "../seams.ts";
import { readScript, type ScriptedCall } from "./script.ts";

/** What the model was asked, one line a call: the script and its round. */
export const MODEL_LOG = "model.log";
const INPUT_TOKENS = 10;
const OUTPUT_TOKENS = 5;
/** Of an answer that asks for something dear: a second one does not fit under the cap of a run. */
const DEAR_TOKENS = 400;
/** Where posts go; the test's server stands at `COUNTER_URL`. */
export const COUNTER_VARIABLE = "COUNTER_URL";

/** Follows the script in the last thing a person said. The call is a seam: made, and its answer read. */
export function createToolsModel(seams: Seams, directory: string): LanguageModelV4 {
  return {
    specificationVersion: "v4",
    provider: "test",
    modelId: "tools",
    supportedUrls: {},
    doGenerate: () => Promise.reject(new Error("this model only streams")),
    async doStream({ prompt }) {
      const at = prompt.findLastIndex(({ role }) => role === "user");
      const { name, rounds } = readScript(textOf(prompt[at]));
      const round = prompt.slice(at).filter(({ role }) => role === "assistant").length;
      seams.pass("outside model", "before");
      appendFileSync(join(directory, MODEL_LOG), `${name} ${round}\n`);
      return { stream: ReadableStream.from(answer(seams, name, rounds[round])) };
    },
  };
}

function* answer(
  seams: Seams,
  name: string,
  calls: readonly ScriptedCall[] = [],
): Generator<LanguageModelV4StreamPart> {
  yield { type: "stream-start", warnings: [] };
  for (const [n, call] of calls.entries()) {
    const [toolName, input] = requestOf(call);
    yield { type: "tool-call", toolCallId: `call-${n}`, toolName, input: JSON.stringify(input) };
  }
  if (calls.length === 0) {
    yield { type: "text-start", id: "t" };
    yield { type: "text-delta", id: "t", delta: `That was ${name}.` };
    yield { type: "text-end", id: "t" };
  }
  const total = calls.some(({ verb }) => verb === "dear") ? DEAR_TOKENS : OUTPUT_TOKENS;
  yield {
    type: "finish",
    finishReason: { unified: calls.length === 0 ? "stop" : "tool-calls", raw: undefined },
    usage: {
      inputTokens: { total: INPUT_TOKENS, noCache: INPUT_TOKENS, cacheRead: 0, cacheWrite: 0 },
      outputTokens: { total, text: total, reasoning: 0 },
    },
  };
  seams.pass("outside model", "after");
}

function requestOf({ verb, id }: ScriptedCall): readonly [tool: string, input: object] {
  switch (verb) {
    case "post":
      return ["http_request", { method: "POST", url: `${counterUrl()}/${id}/http_request` }];
    case "lost":
      return ["http_request", { method: "POST", url: `http://127.0.0.1:1/${id}` }];
    case "mail":
      return ["send_email", { to: [`${id}@example.com`], subject: `About ${id}`, body: id }];
    case "act":
      return ["mcp_count__act", { id }];
    case "code":
      return ["node_code", { code: codeOf(id) }];
    case "write":
      return ["write_file", { path: `notes/${id}.md`, content: id }];
    case "miss":
      return ["read_file", { path: `nothing/${id}.md` }];
    default:
      return ["list_files", { path: "." }];
  }
}

/** Its effect is one more line; before and after it, it shows itself and waits to be seen. */
function codeOf(id: string): string {
  return `
    const fs = require("node:fs");
    const show = (sign) => {
      const path = "scratch/${id}." + sign;
      fs.appendFileSync(path, "once\\n");
      const room = new Int32Array(new SharedArrayBuffer(4));
      for (let n = 0; n < 1000 && !fs.existsSync(path + ".seen"); n++) Atomics.wait(room, 0, 0, 10);
    };
    show("begun");
    show("done");`;
}

function counterUrl(): string {
  return process.env[COUNTER_VARIABLE] ?? "";
}

function textOf(message: LanguageModelV4CallOptions["prompt"][number] | undefined): string {
  if (message?.role !== "user") return "";
  return message.content.map((part) => (part.type === "text" ? part.text : "")).join("");
}
