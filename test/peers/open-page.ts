import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { createRuntime, type Runtime } from "../../src/app/create-runtime.ts";
import { loadConfig } from "../../src/config/load-config.ts";
import { createRedactor } from "../../src/core/redact.ts";
import type { Model } from "../../src/llm/open-models.ts";
import { openAuditKey } from "../../src/store/audit/audit-key.ts";
import { checkInvariants } from "../support/check-invariants.ts";

const CHROMIUM = process.env["AGENT_RUNTIME_TEST_CHROMIUM"] ?? "/usr/bin/chromium";
/** Where pictures go, for people who want to look at them; nowhere when it is not set. */
const SCREENSHOTS = process.env["AGENT_RUNTIME_TEST_SCREENSHOTS"];

export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

export interface ServedPage {
  readonly url: string;
  createLoginUrl(): Promise<string>;
  /** Stops the runtime; what is on disk stays. */
  stop(): Promise<void>;
  /** Starts one anew on the same files and, as a person would, on the same port. */
  startAgain(): Promise<void>;
  /** Copies what is on disk, and puts the copy back. Call both while the runtime is stopped. */
  backUp(): void;
  restore(): void;
  close(): Promise<void>;
}

/** The real runtime with its built page, on a free port and an empty data directory. */
export async function servePage(
  model?: Model,
  settings: Readonly<Record<string, string>> = {},
): Promise<ServedPage> {
  const directory = mkdtempSync(join(tmpdir(), "agent-runtime-page-"));
  const backup = `${directory}-backup`;
  let address = "127.0.0.1:0";
  let dbPath = "";
  let runtime = await start();

  async function start(): Promise<Runtime> {
    const config = loadConfig({
      cwd: directory,
      env: {
        AGENT_RUNTIME_DATA_DIR: directory,
        AGENT_RUNTIME_HTTP_ADDR: address,
        AGENT_RUNTIME_INBOUND_MAX_PER_MINUTE: "0",
        AGENT_RUNTIME_LLM_RATE_LIMIT_PER_WINDOW: "0",
        ...settings,
      },
    });
    dbPath = config.storage.dbPath;
    const started = createRuntime({
      config,
      version: "0.0.0-test",
      log: { write: () => undefined },
      redactor: createRedactor([]),
      ...(model === undefined ? {} : { model }),
    });
    await started.start();
    address = new URL(started.status().url).host;
    return started;
  }

  return {
    get url() {
      return runtime.status().url;
    },
    createLoginUrl: () => runtime.createLoginUrl(),
    stop: () => runtime.stop(),
    async startAgain() {
      runtime = await start();
    },
    backUp: () => cpSync(directory, backup, { recursive: true }),
    restore() {
      rmSync(directory, { recursive: true });
      cpSync(backup, directory, { recursive: true });
    },
    async close() {
      await runtime.stop();
      checkInvariants(dbPath, openAuditKey(directory));
      for (const made of [directory, backup]) rmSync(made, { recursive: true, force: true });
    },
  };
}

/** What the browser did that a page of ours must never do. */
export interface Watched {
  /** Requests to anywhere but the page's own host. */
  readonly foreignRequests: string[];
  /** Policy violations and faults of scripts. */
  readonly faults: string[];
}

export function watch(context: BrowserContext, ownUrl: string): Watched {
  const watched: Watched = { foreignRequests: [], faults: [] };
  context.on("request", (request) => {
    if (!request.url().startsWith(`${ownUrl}/`)) watched.foreignRequests.push(request.url());
  });
  context.on("weberror", (error) => watched.faults.push(String(error.error())));
  context.on("console", (message) => {
    if (/Content Security Policy|TrustedHTML/.test(message.text())) {
      watched.faults.push(message.text());
    }
  });
  return watched;
}

export async function takeScreenshot(page: Page, name: string): Promise<void> {
  if (SCREENSHOTS === undefined) return;
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
}
