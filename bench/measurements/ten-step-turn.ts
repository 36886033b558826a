import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Finding, Measurement, Place } from "../measurement.ts";
import { runProgram } from "../processes/run-program.ts";
import { startProvider } from "../processes/start-provider.ts";
import { startRuntime } from "../processes/start-runtime.ts";
import { median, round } from "../statistics.ts";

const STEPS = 10;
const WARM_UP = 10;
const TURNS = 50;
/** As long as a quick model needs until its first word. */
const THINK_MS = 200;
const TURNS_WITH_THOUGHT = 8;
const PROMPT = "Look until there is something new.";

interface Answer {
  readonly text: string;
  readonly steps: number;
}

export const tenStepTurn: Measurement = {
  title: "Ten-step turn",
  method:
    `A turn of ${STEPS} model calls, of which ${STEPS - 1} list a folder: over HTTP through the runtime, beside generateText of the AI SDK that runs a tool of its own and keeps nothing. ` +
    `Both ask one provider (aimock, in a process of its own), which answers at once, or after ${THINK_MS} ms; a new conversation for each turn; they take turns. The median.`,
  async run(place) {
    const [atOnce, thoughtful] = [
      await compare(place, { thinkMs: 0, turns: TURNS }),
      await compare(place, { thinkMs: THINK_MS, turns: TURNS_WITH_THOUGHT }),
    ];
    return [
      {
        ...atOnce,
        name: `A turn of ${STEPS} steps, beside the bare AI SDK`,
        aim: { kind: "at most", value: 1.3 },
        ifMissed:
          "A step with a tool is four commits, each synced to the disk before what it promises begins; the bare SDK keeps nothing and its step takes a few milliseconds. " +
          "More than half of the time is that sync.",
      },
      { ...thoughtful, name: `The same, with a model that thinks for ${THINK_MS} ms` },
    ];
  },
};

async function compare(
  place: Place,
  { thinkMs, turns }: { readonly thinkMs: number; readonly turns: number },
): Promise<Omit<Finding, "name">> {
  const provider = await startProvider(STEPS, thinkMs);
  const { program: bare } = await runProgram<{ text: string }, Answer, object>(
    new URL("../processes/bare-agent-program.ts", import.meta.url),
    [provider.url, String(STEPS)],
  );
  const dataDir = place.makeDirectory();
  const runtime = await startRuntime({ dataDir, env: provider.env });
  const askOurs = conversationsWith(runtime.url, dataDir);
  const askBare = async () => {
    const { steps } = await bare.ask({ text: PROMPT });
    if (steps !== STEPS) throw new Error(`the bare agent took ${steps} steps`);
  };
  try {
    for (let n = 0; thinkMs === 0 && n < WARM_UP; n += 1) {
      await askBare();
      await askOurs();
    }
    const bareMs: number[] = [];
    const oursMs: number[] = [];
    for (let n = 0; n < turns; n += 1) {
      bareMs.push(await timeOf(askBare));
      oursMs.push(await timeOf(askOurs));
    }
    return {
      value: round(median(oursMs) / median(bareMs)),
      unit: "×",
      details: {
        oursMs: round(median(oursMs), 1),
        bareMs: round(median(bareMs), 1),
        oursMoreForAStepMs: round((median(oursMs) - median(bareMs)) / STEPS, 1),
      },
    };
  } finally {
    await runtime.stop();
    await bare.stop();
    await provider.stop();
  }
}

/** Each call is a whole turn in a conversation of its own. */
function conversationsWith(url: string, dataDir: string): () => Promise<void> {
  const token = readFileSync(join(dataDir, "admin-token"), "utf8").trim();
  let conversations = 0;
  return async () => {
    conversations += 1;
    const response = await fetch(`${url}/api/v1/chat`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ text: PROMPT, external_id: `bench-${conversations}` }),
    });
    const { outcome, reply } = (await response.json()) as { outcome: string; reply: string };
    if (outcome !== "answered") throw new Error(`the runtime did not answer: ${reply}`);
  };
}

async function timeOf(act: () => Promise<void>): Promise<number> {
  const startMs = performance.now();
  await act();
  return performance.now() - startMs;
}
