import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createRuntime } from "../../src/app/create-runtime.ts";
import { createJsonLog } from "../../src/app/json-log.ts";
import { loadConfig } from "../../src/config/load-config.ts";
import { systemClock } from "../../src/core/clock.ts";
import { createRedactor } from "../../src/core/redact.ts";
import { decideApproval } from "../../src/operations/decide-approval.ts";
import { commitDecision } from "../../src/store/commit-decision.ts";
import { openSqliteStore, type SqliteStore } from "../../src/store/sqlite/sqlite-store.ts";

/** What is asked of it. */
export type ParkingQuestion =
  /** As many turns, each in a conversation of its own, until all wait for an approval. */
  | { readonly park: number }
  /** All that wait, until their turns have answered. */
  | { readonly approve: "all" };

export interface ParkingAnswer {
  readonly durationMs: number;
  /** Of the process, once its garbage is collected. */
  readonly heapMb: number;
}

const BYTES_A_MB = 1_024 * 1_024;
setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

/** The runtime in this process, where every call of a tool is asked about, with a hand on its approvals. */
const [dataDir = "", modelUrl = ""] = process.argv.slice(2);
const config = loadConfig({
  cwd: dataDir,
  env: {
    AGENT_RUNTIME_DATA_DIR: dataDir,
    AGENT_RUNTIME_HTTP_ADDR: "127.0.0.1:0",
    AGENT_RUNTIME_APPROVAL_PRESET: "always-ask",
    AGENT_RUNTIME_LLM_PROVIDER: "openai",
    AGENT_RUNTIME_LLM_MODEL: "gpt-6-sol",
    AGENT_RUNTIME_LLM_BASE_URL: modelUrl,
    AGENT_RUNTIME_INBOUND_MAX_PER_MINUTE: "0",
    AGENT_RUNTIME_LLM_RATE_LIMIT_PER_WINDOW: "0",
  },
});
const stores: SqliteStore[] = [];
const redactor = createRedactor([]);
const runtime = createRuntime({
  config,
  redactor,
  version: "0.0.0-bench",
  log: createJsonLog({ level: "error", redactor, destination: process.stderr }),
  openStore(given) {
    const opened = openSqliteStore(given);
    stores.push(opened);
    return opened;
  },
});
await runtime.start();
const [store] = stores;
if (store === undefined) throw new Error("the runtime opened no store");
const token = readFileSync(join(dataDir, "admin-token"), "utf8").trim();

process.on("message", async (question: ParkingQuestion) => {
  const startMs = performance.now();
  if ("park" in question) await park(store, question.park);
  else await approveAll(store);
  const durationMs = performance.now() - startMs;
  collectGarbage();
  const heapMb = process.memoryUsage().heapUsed / BYTES_A_MB;
  process.send?.({ durationMs, heapMb } satisfies ParkingAnswer);
});
process.on("SIGTERM", async () => {
  await runtime.stop();
  process.exit();
});
process.send?.({});

async function park(reader: SqliteStore, turns: number): Promise<void> {
  const { url } = runtime.status();
  const begun = await countRuns(reader, "parked");
  for (let n = 0; n < turns; n += 1) {
    const response = await fetch(`${url}/api/v1/chat`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ text: "Look.", external_id: `bench-${begun + n}`, wait_seconds: 0 }),
    });
    await response.arrayBuffer();
  }
  await until(reader, async () => (await countRuns(reader, "parked")) === begun + turns);
}

async function approveAll(reader: SqliteStore): Promise<void> {
  const [owner] = await reader.list((db) =>
    db.selectFrom("users").selectAll().where("role", "=", "overlord"),
  );
  const open = await reader.list((db) =>
    db.selectFrom("approvals").select("id").where("state", "=", "pending"),
  );
  const answered = await countRuns(reader, "succeeded");
  const actor = {
    id: "bench",
    userId: owner?.id,
    role: "overlord" as const,
    displayName: "The owner",
  };
  const step = { name: "decide-approval", actor: actor.id, cause: "bench" };
  const one = (approval: string) =>
    commitDecision({ store: reader, clock: systemClock }, step, (now) =>
      decideApproval({ store: reader, now, twoPersonClasses: [] }, actor, {
        approval,
        approved: true,
      }),
    );
  await Promise.all(open.map(({ id }) => one(id)));
  await until(
    reader,
    async () => (await countRuns(reader, "succeeded")) === answered + open.length,
  );
}

async function countRuns(reader: SqliteStore, state: "parked" | "succeeded"): Promise<number> {
  const found = await reader.list((db) =>
    db.selectFrom("runs").select("id").where("state", "=", state),
  );
  return found.length;
}

async function until(reader: SqliteStore, isSo: () => Promise<boolean>): Promise<void> {
  const limit = AbortSignal.timeout(120_000);
  await reader.changes.waitFor(
    () => true,
    async () => ((await isSo()) ? true : undefined),
    limit,
  );
}
