import { appendFileSync, openSync, writeSync } from "node:fs";
import { flushCompileCache } from "node:module";
import { join } from "node:path";
import { createRuntime } from "../../../src/app/create-runtime.ts";
import { createJsonLog } from "../../../src/app/json-log.ts";
import { loadConfig } from "../../../src/config/load-config.ts";
import type { Clock } from "../../../src/core/clock.ts";
import { createRedactor } from "../../../src/core/redact.ts";
import type { Model } from "../../../src/llm/open-models.ts";
import { openSqliteStore } from "../../../src/store/sqlite/sqlite-store.ts";
import { createPassages, die, type Seams, sideOf, withSeams } from "../seams.ts";
import { createFastClock } from "./fast-clock.ts";
import {
  type CrashPlan,
  EPOCH_VARIABLE,
  type FromProgram,
  LATER_VARIABLE,
  LOG_FILE,
  type Passage,
  PLAN_VARIABLE,
  SPEED,
  type ToProgram,
  TRACE_FILE,
} from "./program-protocol.ts";
import { createRandom } from "./random.ts";

export interface ProgramWorld {
  /** Where everything of it lies. */
  readonly directory: string;
  readonly seams: Seams;
  readonly clock: Clock;
  /** Tells the parent what the model was asked. */
  readonly onAsked: (text: string) => void;
}

/** The whole runtime as `serve` makes it, with a fast clock, a model of the test's, and every commit a seam. */
export async function runProgram(createModel: (world: ProgramWorld) => Model): Promise<void> {
  const directory = process.argv[2] ?? "";
  // Kept at once: a killed process would take it along.
  flushCompileCache();
  const clock = createFastClock(SPEED, Number(process.env[EPOCH_VARIABLE]));
  clock.jump(Number(process.env[LATER_VARIABLE]));
  const plan = JSON.parse(process.env[PLAN_VARIABLE] ?? "") as CrashPlan;
  const random = createRandom(plan.seed);
  const trace = openSync(join(directory, TRACE_FILE), "a");
  const seams = createPassages((point) => {
    const side = sideOf(point);
    const died = plan.sides.includes(side) && random() < plan.odds;
    if (died || point.occurrence === 1)
      writeSync(trace, `${JSON.stringify({ side, died } satisfies Passage)}\n`);
    if (died) die();
  });

  const tell = (message: FromProgram): void => void process.send?.(message);
  const redactor = createRedactor([]);
  const runtime = createRuntime({
    config: loadConfig({ env: process.env, cwd: directory }),
    version: "0.0.0-test",
    redactor,
    clock,
    openStore: (options) => withSeams(openSqliteStore(options), seams),
    model: createModel({
      directory,
      seams,
      clock,
      onAsked: (text) => tell({ kind: "model-called", text }),
    }),
    log: createJsonLog({
      level: "debug",
      redactor,
      destination: { write: (line) => appendFileSync(join(directory, LOG_FILE), line) },
    }),
  });

  async function answer(message: ToProgram): Promise<void> {
    if (message.kind === "stop") {
      await runtime.stop();
      process.disconnect();
      return;
    }
    let link = await runtime.createPairingLink();
    while (link === undefined) {
      await clock.sleep(100, new AbortController().signal);
      link = await runtime.createPairingLink();
    }
    tell({ kind: "pairing-link", link });
  }

  await runtime.start();
  process.on("message", (message) => void answer(message as ToProgram));
  tell({ kind: "ready", url: runtime.status().url });
}
