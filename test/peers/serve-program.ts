import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { BotApiServer } from "../support/bot-api/bot-api-server.ts";

const MAIN = resolve("dist/main.js");
const ADMIN_TOKEN = "a-token-of-the-owner-for-tests-0123456789";
const LOOK_AGAIN_MS = 50;

export interface ServedProgram {
  readonly process: ChildProcess;
  /** What it wrote, at most the last 20,000 characters. */
  readonly log: string;
  /** Whether it has begun to serve, however much it wrote since. */
  readonly isServing: boolean;
  /** Settles when the process is gone. */
  readonly ended: Promise<void>;
  /** Sends the signal and settles when the process is gone. */
  end(signal: "SIGKILL" | "SIGTERM"): Promise<void>;
}

interface ServeOptions {
  /** A command that runs it, with its arguments. */
  readonly through?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts the built `serve` on `directory`, connected to `telegram`. */
export function serveProgram(
  directory: string,
  telegram: BotApiServer,
  { through = [], env = {} }: ServeOptions = {},
): ServedProgram {
  const [command = "", ...args] = [...through, process.execPath, MAIN, "serve"];
  const child = spawn(command, args, {
    cwd: directory,
    env: {
      PATH: process.env["PATH"],
      AGENT_RUNTIME_DATA_DIR: dataDirOf(directory),
      AGENT_RUNTIME_HTTP_ADDR: "127.0.0.1:0",
      AGENT_RUNTIME_ADMIN_TOKEN: ADMIN_TOKEN,
      AGENT_RUNTIME_TELEGRAM_TOKEN: telegram.token,
      AGENT_RUNTIME_TELEGRAM_API_BASE: telegram.url,
      AGENT_RUNTIME_TELEGRAM_POLL_SECONDS: "1",
      AGENT_RUNTIME_TELEGRAM_MAX_PER_SECOND: "0",
      AGENT_RUNTIME_TELEGRAM_MAX_PER_CHAT_PER_SECOND: "0",
      AGENT_RUNTIME_INBOUND_MAX_PER_MINUTE: "0",
      AGENT_RUNTIME_LLM_RATE_LIMIT_PER_WINDOW: "0",
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  let isServing = false;
  const listen = (chunk: unknown) => {
    log += String(chunk);
    isServing ||= log.includes('"message":"serving"');
    log = log.slice(-20_000);
  };
  child.stdout?.on("data", listen);
  child.stderr?.on("data", listen);
  const ended = new Promise<void>((done) => child.once("exit", () => done()));
  return {
    process: child,
    ended,
    get log() {
      return log;
    },
    get isServing() {
      return isServing;
    },
    async end(signal) {
      child.kill(signal);
      await ended;
    },
  };
}

export const dataDirOf = (directory: string): string => join(directory, "data");
export const dbPathOf = (directory: string): string =>
  join(dataDirOf(directory), "agent-runtime", "meta.sqlite");

/** One request as the owner; waits until the program says where it listens. */
export async function post(directory: string, path: string, body: unknown): Promise<Response> {
  const file = join(dataDirOf(directory), "address");
  await until("an address", () => existsSync(file));
  return fetch(`${readFileSync(file, "utf8").trim()}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

/** Looks again until it is true. @throws when that takes longer than two minutes. */
export async function until(what: string, isTrue: () => boolean): Promise<void> {
  const deadlineMs = performance.now() + 120_000;
  while (!isTrue()) {
    if (performance.now() > deadlineMs) throw new Error(`this never came: ${what}`);
    await pause(LOOK_AGAIN_MS);
  }
}

export const pause = (durationMs: number): Promise<void> =>
  new Promise((done) => setTimeout(done, durationMs));
