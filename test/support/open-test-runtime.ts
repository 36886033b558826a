import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Selectable } from "kysely";
import { createRuntime, type Runtime } from "../../src/app/create-runtime.ts";
import { createJsonLog } from "../../src/app/json-log.ts";
import { createRuntimeClient, type RuntimeClient } from "../../src/client/runtime-client.ts";
import { loadConfig } from "../../src/config/load-config.ts";
import type { Clock } from "../../src/core/clock.ts";
import { createRedactor } from "../../src/core/redact.ts";
import type { Model } from "../../src/llm/open-models.ts";
import { openAuditKey } from "../../src/store/audit/audit-key.ts";
import { openSqliteStore, type SqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import type { Tables } from "../../src/store/tables.ts";
import { type BotApiServer, startBotApiServer } from "./bot-api/bot-api-server.ts";
import { checkInvariants } from "./check-invariants.ts";

/** A fact that is not there by then never comes. */
const FACT_WITHIN_MS = 30_000;

type Row<K extends keyof Tables> = Selectable<Tables[K]>;
type BotApiOptions = NonNullable<Parameters<typeof startBotApiServer>[0]>;

export interface TestRuntimeOptions {
  /** Starts a strict Bot API server and connects to it; or takes one that runs already, and leaves it running. */
  readonly telegram?: true | BotApiOptions | BotApiServer;
  readonly model?: Model;
  readonly clock?: Clock;
  /** Variables without their prefix. There is no pace of our own for sends unless it is set here. */
  readonly env?: Readonly<Record<string, string>>;
  /** Variables that other programs read, too. */
  readonly otherEnv?: Readonly<Record<string, string>>;
}

export interface ApiAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: what a test asserts about it is its type.
  readonly body: any;
}

/** The runtime as `serve` makes it, on a data directory of its own. */
export interface TestRuntime {
  readonly runtime: Runtime;
  readonly url: string;
  /** The owner's key. */
  readonly token: string;
  readonly telegram: BotApiServer;
  readonly client: RuntimeClient;
  readonly directory: string;
  readonly dataDir: string;
  readonly dbPath: string;
  /** Every line of the log at level debug, as text. */
  readonly logLines: readonly string[];
  /** One request as the owner; an `authorization` of `undefined` leaves the key away. */
  api(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string | undefined>>,
  ): Promise<ApiAnswer>;
  rows<K extends keyof Tables>(table: K): Promise<readonly Row<K>[]>;
  /** What `read` gives as soon as that is not `undefined`; asked again after every commit. */
  until<T>(read: () => T | undefined | Promise<T | undefined>): Promise<T>;
  /** The first row for which `matches` holds, as soon as there is one. */
  row<K extends keyof Tables>(table: K, matches: (row: Row<K>) => boolean): Promise<Row<K>>;
  /** Settles when no message, delivery, task or turn waits for anything. */
  idle(): Promise<void>;
  /** Settles when it says that it is ready; where the machine is busy it may have stood still just now. */
  ready(): Promise<void>;
  /** Ends the runtime as a restart of the service would, and starts another one on the same directory. */
  restart(change?: Pick<TestRuntimeOptions, "model" | "clock" | "env">): Promise<void>;
  stop(): Promise<void>;
  /** Stops everything, removes the directory, and fails when an invariant of the data is broken. */
  close(): Promise<void>;
}

/** Boots the real `createRuntime` on a free port, with a token for its key and a loopback Bot API server if wanted. */
export async function openTestRuntime(options: TestRuntimeOptions = {}): Promise<TestRuntime> {
  const directory = mkdtempSync(join(tmpdir(), "agent-runtime-e2e-"));
  const dataDir = join(directory, "data");
  const given = options.telegram;
  const isOurs = given === undefined || !("nextSent" in Object(given));
  const telegram =
    given === undefined || given === true
      ? await startBotApiServer()
      : "nextSent" in given
        ? given
        : await startBotApiServer(given);
  const configWith = (env: TestRuntimeOptions["env"] = {}) =>
    loadConfig({
      cwd: directory,
      env: {
        AGENT_RUNTIME_DATA_DIR: dataDir,
        AGENT_RUNTIME_HTTP_ADDR: "127.0.0.1:0",
        ...(given === undefined
          ? {}
          : {
              AGENT_RUNTIME_TELEGRAM_TOKEN: telegram.token,
              AGENT_RUNTIME_TELEGRAM_API_BASE: telegram.url,
            }),
        AGENT_RUNTIME_TELEGRAM_MAX_PER_SECOND: "0",
        AGENT_RUNTIME_TELEGRAM_MAX_PER_CHAT_PER_SECOND: "0",
        ...prefixed({ ...options.env, ...env }),
        ...options.otherEnv,
      },
    });
  const logLines: string[] = [];
  const destination = { write: (line: string) => logLines.push(line) };

  async function boot(change: Pick<TestRuntimeOptions, "model" | "clock" | "env"> = {}) {
    const { model, clock } = { ...options, ...change };
    const config = configWith(change.env);
    const redactor = createRedactor(
      [config.http.adminToken, config.telegram.token].filter((secret) => secret !== undefined),
    );
    let store: SqliteStore | undefined;
    const runtime = createRuntime({
      config,
      redactor,
      version: "0.0.0-test",
      log: createJsonLog({ level: "debug", redactor, destination }),
      openStore: (given) => {
        store = openSqliteStore(given);
        return store;
      },
      ...(model === undefined ? {} : { model }),
      ...(clock === undefined ? {} : { clock }),
    });
    await runtime.start();
    if (store === undefined) throw new Error("the runtime opened no store");
    const token =
      config.http.adminToken ?? readFileSync(join(dataDir, "admin-token"), "utf8").trim();
    const { url } = runtime.status();
    return { runtime, store, token, url, client: createRuntimeClient({ baseUrl: url, token }) };
  }
  let alive: Awaited<ReturnType<typeof boot>>;
  try {
    alive = await boot();
  } catch (error) {
    if (isOurs) await telegram.close();
    rmSync(directory, { recursive: true, force: true });
    throw error;
  }

  async function rows<K extends keyof Tables>(table: K): Promise<readonly Row<K>[]> {
    const all: unknown = await alive.store.list((db) =>
      db.selectFrom(table as keyof Tables).selectAll(),
    );
    return all as readonly Row<K>[];
  }

  async function until<T>(read: () => T | undefined | Promise<T | undefined>): Promise<T> {
    // Made here, so that its stack names the test.
    const late = new Error(`This did not come true within ${FACT_WITHIN_MS} ms: ${read}`);
    const limit = AbortSignal.timeout(FACT_WITHIN_MS);
    try {
      return await alive.store.changes.waitFor(
        () => true,
        async () => await read(),
        limit,
      );
    } catch (error) {
      throw limit.aborted ? late : error;
    }
  }

  return {
    get runtime() {
      return alive.runtime;
    },
    get url() {
      return alive.url;
    },
    get token() {
      return alive.token;
    },
    get client() {
      return alive.client;
    },
    telegram,
    directory,
    dataDir,
    dbPath: configWith().storage.dbPath,
    logLines,
    async api(method, path, body, headers) {
      const all = {
        authorization: `Bearer ${alive.token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      };
      const response = await fetch(`${alive.url}${path}`, {
        method,
        headers: Object.entries(all).filter((one): one is [string, string] => one[1] !== undefined),
        ...(body === undefined
          ? {}
          : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = response.headers.get("content-type")?.includes("json") === true;
      return { status: response.status, body: isJson ? JSON.parse(text) : text };
    },
    rows,
    until,
    row: (table, matches) => until(async () => (await rows(table)).find(matches)),
    async idle() {
      await until(async () => {
        const live = (await rows("jobs")).filter(
          ({ kind, state }) =>
            state !== "dead" &&
            !["sweep", "tell-overdue", "probe", "expire-approval"].includes(kind),
        );
        return live.length === 0 ? true : undefined;
      });
    },
    async ready() {
      await until(async () => ((await fetch(`${alive.url}/readyz`)).ok ? true : undefined));
    },
    async restart(change = {}) {
      await alive.runtime.stop();
      alive = await boot(change);
    },
    stop: () => alive.runtime.stop(),
    async close() {
      await alive.runtime.stop();
      if (isOurs) await telegram.close();
      try {
        checkInvariants(configWith().storage.dbPath, openAuditKey(dataDir));
      } finally {
        rmSync(directory, { recursive: true, force: true });
      }
    },
  };
}

function prefixed(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [`AGENT_RUNTIME_${name}`, value]),
  );
}
