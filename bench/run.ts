import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { formatFindings } from "./format-findings.ts";
import type { Finding, Measurement, Place } from "./measurement.ts";
import { chatLatency } from "./measurements/chat-latency.ts";
import { commitLatency } from "./measurements/commit-latency.ts";
import { flatMemory } from "./measurements/flat-memory.ts";
import { helpCommand } from "./measurements/help-command.ts";
import { idleMemory } from "./measurements/idle-memory.ts";
import { parkedApprovals } from "./measurements/parked-approvals.ts";
import { queueThroughput } from "./measurements/queue-throughput.ts";
import { receiveToCommit } from "./measurements/receive-to-commit.ts";
import { serveToReady } from "./measurements/serve-to-ready.ts";
import { telegramReplies } from "./measurements/telegram-replies.ts";
import { tenStepTurn } from "./measurements/ten-step-turn.ts";

const MEASUREMENTS: readonly Measurement[] = [
  helpCommand,
  serveToReady,
  idleMemory,
  commitLatency,
  queueThroughput,
  receiveToCommit,
  chatLatency,
  telegramReplies,
  tenStepTurn,
  parkedApprovals,
  flatMemory,
];
const PLACES = fileURLToPath(new URL("../node_modules/.bench/", import.meta.url));
const LATEST = fileURLToPath(new URL("./latest.json", import.meta.url));

/** Runs every measurement, or those whose title holds a word that was given; a missed aim is reported, not an error. */
const words = process.argv.slice(2).map((word) => word.toLowerCase());
const chosen = MEASUREMENTS.filter(
  ({ title }) => words.length === 0 || words.some((word) => title.toLowerCase().includes(word)),
);
const loadBefore = loadavg()[0] ?? 0;
mkdirSync(PLACES, { recursive: true });
const directory = mkdtempSync(PLACES);
const place: Place = { makeDirectory: () => mkdtempSync(join(directory, "run-")) };
const findings: Finding[] = [];
try {
  for (const { title, method, run } of chosen) {
    console.log(`${title}\n  ${method}`);
    findings.push(...(await run(place)));
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}
const machine = {
  node: process.version,
  cores: cpus().length,
  cpu: cpus()[0]?.model.trim() ?? "",
  loadBefore,
};
const methods = Object.fromEntries(chosen.map(({ title, method }) => [title, method]));
const measuredAt = new Date().toISOString();
writeFileSync(LATEST, `${JSON.stringify({ measuredAt, machine, findings, methods }, null, 2)}\n`);
console.log(`\n${formatFindings(findings)}`);
if (loadBefore > cpus().length / 2) {
  console.log(
    `\nThe machine was busy with other work (load ${loadBefore}): measure again when it is not.`,
  );
}
