import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRuntime } from "../../src/app/create-runtime.ts";
import { createJsonLog } from "../../src/app/json-log.ts";
import { loadConfig } from "../../src/config/load-config.ts";
import { type Clock, systemClock } from "../../src/core/clock.ts";
import { createRedactor } from "../../src/core/redact.ts";
import type { Model } from "../../src/llm/open-models.ts";
import { openAuditKey } from "../../src/store/audit/audit-key.ts";
import { verifyAudit } from "../../src/store/audit/verify-audit.ts";
import { openSqliteStore, type SqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import { type BotApiServer, startBotApiServer } from "./bot-api/bot-api-server.ts";
import { checkInvariants } from "./check-invariants.ts";

export interface BootedRuntime {
  /** The very store the runtime writes to. */
  readonly store: SqliteStore;
  readonly telegram: BotApiServer;
  readonly url: string;
  readonly token: string;
  createPairingLink(): Promise<string | undefined>;
  /** Stops, checks the invariants and the audit, and removes everything. */
  close(): Promise<void>;
}

/** The real runtime in this process, with a hand on its store: what `openStore` is for. */
export async function bootRuntime(
  options: {
    readonly model?: Model;
    readonly clock?: Clock;
    readonly wrapStore?: (store: SqliteStore) => SqliteStore;
  } = {},
): Promise<BootedRuntime> {
  const directory = mkdtempSync(join(tmpdir(), "agent-runtime-boot-"));
  const telegram = await startBotApiServer();
  const redactor = createRedactor([]);
  const config = loadConfig({
    cwd: directory,
    env: {
      AGENT_RUNTIME_DATA_DIR: join(directory, "data"),
      AGENT_RUNTIME_HTTP_ADDR: "127.0.0.1:0",
      AGENT_RUNTIME_TELEGRAM_TOKEN: telegram.token,
      AGENT_RUNTIME_TELEGRAM_API_BASE: telegram.url,
      AGENT_RUNTIME_TELEGRAM_MAX_PER_SECOND: "0",
      AGENT_RUNTIME_TELEGRAM_MAX_PER_CHAT_PER_SECOND: "0",
      AGENT_RUNTIME_INBOUND_MAX_PER_MINUTE: "0",
      AGENT_RUNTIME_LLM_RATE_LIMIT_PER_WINDOW: "0",
    },
  });
  const { dataDir } = config.storage;
  const opened: SqliteStore[] = [];
  const runtime = createRuntime({
    config,
    redactor,
    version: "0.0.0-test",
    clock: options.clock ?? systemClock,
    log: createJsonLog({ level: "error", redactor, destination: { write: () => undefined } }),
    openStore(given) {
      const store = openSqliteStore(given);
      opened.push(store);
      return options.wrapStore?.(store) ?? store;
    },
    ...(options.model === undefined ? {} : { model: options.model }),
  });
  await runtime.start();
  const [store] = opened;
  if (store === undefined) throw new Error("the runtime opened no store");
  return {
    store,
    telegram,
    url: runtime.status().url,
    token: readFileSync(join(dataDir, "admin-token"), "utf8").trim(),
    createPairingLink: runtime.createPairingLink,
    async close() {
      await runtime.stop();
      await telegram.close();
      try {
        checkInvariants(config.storage.dbPath, openAuditKey(dataDir));
        const { problems } = verifyAudit(config.storage);
        if (problems.length > 0) throw new Error(problems.join("\n"));
      } finally {
        rmSync(directory, { recursive: true, force: true });
      }
    },
  };
}
