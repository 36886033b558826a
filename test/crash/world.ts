import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { openAuditKey } from "../../src/store/audit/audit-key.ts";
import { checkInvariants } from "../support/check-invariants.ts";
import { type BotApiServer, startBotApiServer } from "../support/bot-api/bot-api-server.ts";
import { type CrashPlan, readPlan } from "./crash-plan.ts";
import { openOutsideCalls } from "./outside-calls.ts";
import { type Life, startProgram } from "./program.ts";
import { LOG_FILE, TRACE_FILE } from "./program-protocol.ts";
import { type CrashPoint, createPassages, sideOf } from "./seams.ts";

const WITHIN_MS = 30_000;
const STORY_WITHIN_MS = 45_000;
const MOST_DEATHS = 200;

/** People, channels and a runtime that dies and is started again until the story they live is told. */
export interface World {
  readonly server: BotApiServer;
  readonly directory: string;
  readonly dataDir: string;
  readonly dbPath: string;
  /** External ids of what people sent over Telegram, in order. */
  readonly said: string[];
  /** Ids of messages the API said it has accepted. */
  readonly acknowledged: string[];
  /** The link the owner reads on the terminal, of whichever process lives long enough to print it. */
  pairingLink(): Promise<string>;
  /** Settles when a process has asked the model something that contains `text`. */
  modelCalled(text: string): Promise<void>;
  /** A request of the owner. Rejects when the process dies over it. */
  post(path: string, body: unknown): Promise<Response>;
  /** Reads committed rows until `isDone` accepts them. */
  until<R>(sql: string, isDone: (rows: readonly R[]) => boolean): Promise<readonly R[]>;
}

export interface Told {
  /** Every point passed, over all lives. */
  readonly passed: readonly CrashPoint[];
  /** Where it died, in order. */
  readonly deaths: readonly CrashPoint[];
}

export interface WorldOptions {
  /** Where the next process shall die, given the deaths so far. */
  readonly plan: (deaths: readonly CrashPoint[]) => CrashPlan;
  readonly story: (world: World) => Promise<void>;
  /** Checks what is there when the story is told and the runtime has stopped. @throws when a promise is broken. */
  readonly check: (world: World) => void;
}

/** Lives through the story once. @throws with the deaths and the last seams when a promise is broken on the way. */
export async function liveThrough(options: WorldOptions): Promise<Told> {
  const directory = mkdtempSync(join(tmpdir(), "agent-runtime-crash-"));
  const server = await startBotApiServer();
  const deaths: CrashPoint[] = [];
  const tracePath = join(directory, TRACE_FILE);
  const dataDir = join(directory, "data");
  const dbPath = join(dataDir, "meta.sqlite");
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => undefined);
  let life = Promise.withResolvers<Life>();
  let current: Life | undefined;
  let passOutside = (_seam: string, _side: "before" | "after"): boolean => false;
  let isEnding = false;
  const outside = await openOutsideCalls(server.port, async (seam, side) => {
    if (!passOutside(seam, side)) return false;
    current?.kill();
    await current?.ended;
    return true;
  });
  const epochMs = Date.now();

  /** One process after another, until one is told to stop and does. */
  async function supervise(): Promise<void> {
    for (;;) {
      if (deaths.length > MOST_DEATHS) throw new Error(`it died ${deaths.length} times`);
      const plan = options.plan(deaths);
      const shallDie = readPlan(plan);
      let isDoomed = false;
      const passages = createPassages((point) => {
        appendFileSync(tracePath, `${JSON.stringify(point)}\n`);
        isDoomed = shallDie(point);
      });
      passOutside = (seam, side) => {
        passages.pass(seam, side);
        return isDoomed;
      };
      const started = startProgram({ directory, dataDir, dbPath, plan, epochMs, server, outside });
      current = started;
      void started.ready.then(() => {
        life.resolve(started);
        if (isEnding) started.tell({ kind: "stop" });
      });
      const end = await started.ended;
      life = Promise.withResolvers<Life>();
      if (end === "stopped") return;
      const point = readTrace(tracePath).at(-1);
      if (point === undefined) throw new Error("it was killed, but passed no seam");
      deaths.push(point);
      checkRemains(world);
    }
  }

  const world: World = {
    server,
    directory,
    dataDir,
    dbPath,
    said: [],
    acknowledged: [],
    async pairingLink() {
      for (;;) {
        const alive = await life.promise;
        const link = await alive.askForLink();
        if (link !== undefined) return link;
      }
    },
    async modelCalled(text) {
      for (;;) {
        const alive = await life.promise;
        if (await alive.modelCalled(text)) return;
      }
    },
    async post(path, body) {
      const alive = await life.promise;
      return await alive.post(path, body);
    },
    async until(sql, isDone) {
      const endsAtMs = Date.now() + WITHIN_MS;
      for (;;) {
        const rows = readRows<never>(dbPath, sql);
        if (isDone(rows)) return rows;
        if (Date.now() > endsAtMs) throw new Error(`still ${JSON.stringify(rows)} from: ${sql}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
  };

  try {
    const supervised = supervise();
    supervised.catch(failure.reject);
    await Promise.race([options.story(world), failure.promise, timeLimit()]);
    isEnding = true;
    current?.tell({ kind: "stop" });
    await supervised;
    checkRemains(world);
    options.check(world);
    return { passed: readTrace(tracePath), deaths };
  } catch (error) {
    throw new Error(describe(error, deaths, directory), { cause: error });
  } finally {
    current?.kill();
    await current?.ended.catch(() => undefined);
    await outside.close();
    await server.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function timeLimit(): Promise<never> {
  await new Promise((resolve) => setTimeout(resolve, STORY_WITHIN_MS).unref());
  throw new Error(`the story was not told within ${STORY_WITHIN_MS} ms`);
}

/** What must hold whenever the process is dead: the data is whole, and what was acknowledged is there. */
function checkRemains({ dbPath, dataDir, said, server, acknowledged }: World): void {
  const isBorn = existsSync(dbPath) && existsSync(join(dataDir, "audit.key"));
  if (!isBorn) return;
  checkInvariants(dbPath, openAuditKey(dataDir));
  const confirmed = said.slice(0, said.length - server.updates.pending);
  const there = new Set(
    readRows<{ id: string }>(
      dbPath,
      "select external_message_id as id from messages union select id from messages",
    ).map((row) => row.id),
  );
  const lost = [...confirmed, ...acknowledged].filter((id) => !there.has(id));
  if (lost.length > 0) throw new Error(`acknowledged, but not there: ${lost.join(", ")}`);
}

/** Committed rows; none while there is no store yet. */
export function readRows<R>(dbPath: string, sql: string): readonly R[] {
  if (!existsSync(dbPath)) return [];
  const database = new Database(dbPath, { readonly: true });
  try {
    database.pragma("busy_timeout = 5000");
    return database.prepare<[], R>(sql).all();
  } finally {
    database.close();
  }
}

function readTrace(path: string): readonly CrashPoint[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as CrashPoint);
}

function describe(error: unknown, deaths: readonly CrashPoint[], directory: string): string {
  const tail = (name: string) => {
    const file = join(directory, name);
    return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n").slice(-25) : [];
  };
  return [
    error instanceof Error ? (error.stack ?? error.message) : String(error),
    `died at: ${deaths.map((point) => `${sideOf(point)} #${point.occurrence}`).join(", ") || "no point"}`,
    "last seams:",
    ...tail(TRACE_FILE),
    "last of the log:",
    ...tail(LOG_FILE),
  ].join("\n");
}
