import { readFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import type { Finding, Measurement, Place } from "../measurement.ts";
import { type Program, runProgram } from "../processes/run-program.ts";
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

type BareAgent = Program<
  { readonly text: string },
  { readonly text: string; readonly steps: number }
>;

export const tenStepTurn: Measurement = {
  title: "Ten-step turn",
  method:
    `A turn of ${STEPS} model calls, of which ${STEPS - 1} list a folder: over HTTP through the runtime, beside streamText of the AI SDK that runs a tool of its own and keeps nothing, and beside the same that commits a row to SQLite before and after each call, synced. ` +
    `All ask one provider (aimock, in a process of its own), which answers at once, or after ${THINK_MS} ms; a new conversation for each turn; they take turns. The median.`,
  async run(place) {
    const atOnce = await compare(place, { thinkMs: 0, turns: TURNS });
    const thoughtful = await compare(place, { thinkMs: THINK_MS, turns: TURNS_WITH_THOUGHT });
    return [
      {
        ...besideBare(atOnce),
        name: `A turn of ${STEPS} steps, beside the bare AI SDK`,
        aim: { kind: "at most", value: 1.3 },
        ifMissed: `The runtime made ${atOnce.commits} commits for it and waited for the disk before each call of the model; the bare SDK keeps nothing. The next line is beside one that keeps its calls.`,
      },
      {
        name: "The same, beside the AI SDK that keeps its calls",
        value: round(atOnce.oursMs / atOnce.keepingMs),
        unit: "×",
        details: {
          oursMs: round(atOnce.oursMs, 1),
          keepingMs: round(atOnce.keepingMs, 1),
          aCommitOfItsMs: round((atOnce.keepingMs - atOnce.bareMs) / (2 * STEPS)),
        },
      },
      {
        ...besideBare(thoughtful),
        name: `The same beside the bare one, with a model that thinks for ${THINK_MS} ms`,
      },
    ];
  },
};

function besideBare({ oursMs, bareMs, commits }: Compared): Omit<Finding, "name"> {
  return {
    value: round(oursMs / bareMs),
    unit: "×",
    details: {
      oursMs: round(oursMs, 1),
      bareMs: round(bareMs, 1),
      oursMoreForAStepMs: round((oursMs - bareMs) / STEPS, 1),
      commits,
    },
  };
}

interface Compared {
  readonly oursMs: number;
  readonly bareMs: number;
  readonly keepingMs: number;
  /** Of the runtime, for a turn; without those that only take a job. */
  readonly commits: number;
}

async function compare(
  place: Place,
  { thinkMs, turns }: { readonly thinkMs: number; readonly turns: number },
): Promise<Compared> {
  const provider = await startProvider(STEPS, thinkMs);
  const bare = await startBare(provider.url);
  const keeping = await startBare(provider.url, join(place.makeDirectory(), "calls.sqlite"));
  const dataDir = place.makeDirectory();
  const runtime = await startRuntime({ dataDir, env: provider.env });
  const askOurs = conversationsWith(runtime.url, dataDir);
  const all = [() => askBare(bare), () => askBare(keeping), askOurs];
  try {
    for (let n = 0; thinkMs === 0 && n < WARM_UP; n += 1) {
      for (const ask of all) await ask();
    }
    const commitsBefore = countCommits(dataDir);
    const times: number[][] = all.map(() => []);
    for (let n = 0; n < turns; n += 1) {
      for (const [index, ask] of all.entries()) times[index]?.push(await timeOf(ask));
    }
    const commits = round((countCommits(dataDir) - commitsBefore) / turns, 1);
    const [bareMs = 0, keepingMs = 0, oursMs = 0] = times.map(median);
    return { oursMs, bareMs, keepingMs, commits };
  } finally {
    await runtime.stop();
    await bare.stop();
    await keeping.stop();
    await provider.stop();
  }
}

async function startBare(providerUrl: string, ...file: readonly string[]): Promise<BareAgent> {
  const url = new URL("../processes/bare-agent-program.ts", import.meta.url);
  const { program } = await runProgram(url, [providerUrl, String(STEPS), ...file]);
  return program as BareAgent;
}

async function askBare(bare: BareAgent): Promise<void> {
  const { steps } = await bare.ask({ text: PROMPT });
  if (steps !== STEPS) throw new Error(`the bare agent took ${steps} steps`);
}

/** Every commit that changes something leaves a row in the audit record. */
function countCommits(dataDir: string): number {
  const database = new Database(join(dataDir, "agent-runtime", "meta.sqlite"), { readonly: true });
  try {
    return database.prepare("select count(*) from audit").pluck().get() as number;
  } finally {
    database.close();
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
