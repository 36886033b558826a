import { appendFileSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { createRuntime } from "../../src/app/create-runtime.ts";
import { loadConfig } from "../../src/config/load-config.ts";
import { createRedactor } from "../../src/core/redact.ts";
import { openSqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import { CRASH_PLAN_VARIABLE, readPlan } from "./crash-plan.ts";
import { createEchoModel } from "./echo-model.ts";
import { createFastClock } from "./fast-clock.ts";
import {
  type FromProgram,
  LOG_FILE,
  SPEED,
  TRACE_FILE,
  type ToProgram,
} from "./program-protocol.ts";
import { createPassages, die, withSeams } from "./seams.ts";

/** The whole runtime as `serve` makes it, with a fast clock, an echo for a model, and every commit and model call a seam. */
const directory = process.argv[2] ?? "";
const clock = createFastClock(SPEED, Number(process.env["CRASH_EPOCH_MS"]));
const shallDie = readPlan(JSON.parse(process.env[CRASH_PLAN_VARIABLE] ?? '{"kind":"never"}'));
const trace = openSync(join(directory, TRACE_FILE), "a");
const seams = createPassages((point) => {
  writeSync(trace, `${JSON.stringify(point)}\n`);
  if (shallDie(point)) die();
});

const tell = (message: FromProgram): void => void process.send?.(message);
const config = loadConfig({ env: process.env, cwd: directory });
const runtime = createRuntime({
  config,
  version: "0.0.0-test",
  redactor: createRedactor([]),
  clock,
  openStore: (options) => withSeams(openSqliteStore(options), seams),
  model: createEchoModel(seams, (text) => tell({ kind: "model-called", text })),
  log: {
    write: (level, message, fields) =>
      appendFileSync(
        join(directory, LOG_FILE),
        `${level} ${message} ${JSON.stringify(createRedactor([]).redactFields(fields ?? {}))}\n`,
      ),
  },
});

async function answer(message: ToProgram): Promise<void> {
  if (message.kind === "stop") {
    await runtime.stop();
    process.disconnect();
    return;
  }
  if (message.kind === "jump") {
    clock.jump(message.durationMs);
    return;
  }
  let link = await runtime.createPairingLink();
  while (link === undefined) {
    await clock.sleep(100, new AbortController().signal);
    link = await runtime.createPairingLink();
  }
  tell({ kind: "pairing-link", link });
}

process.on("message", (message) => void answer(message as ToProgram));
await runtime.start();
tell({ kind: "ready", url: runtime.status().url });
