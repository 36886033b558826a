import { appendFileSync, openSync, writeSync } from "node:fs";
import { flushCompileCache } from "node:module";
import { join } from "node:path";
import { createRuntime } from "../../../src/app/create-runtime.ts";
import { createJsonLog } from "../../../src/app/json-log.ts";
import { loadConfig } from "../../../src/config/load-config.ts";
import { createRedactor } from "../../../src/core/redact.ts";
import { openSqliteStore } from "../../../src/store/sqlite/sqlite-store.ts";
import { createPassages, die, sideOf, withSeams } from "../seams.ts";
import { createEchoModel } from "./echo-model.ts";
import { createFastClock } from "./fast-clock.ts";
import {
  type CrashPlan,
  EPOCH_VARIABLE,
  type FromProgram,
  LOG_FILE,
  type Passage,
  PLAN_VARIABLE,
  SPEED,
  type ToProgram,
  TRACE_FILE,
} from "./program-protocol.ts";
import { createRandom } from "./random.ts";

/** The whole runtime as `serve` makes it, with a fast clock, an echo for a model, and every commit and model call a seam. */
const directory = process.argv[2] ?? "";
// Kept at once: a killed process would take it along.
flushCompileCache();
const clock = createFastClock(SPEED, Number(process.env[EPOCH_VARIABLE]));
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
  model: createEchoModel(seams, clock, (text) => tell({ kind: "model-called", text })),
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
