import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { BotApiServer } from "../support/bot-api/bot-api-server.ts";
import { CRASH_PLAN_VARIABLE, type CrashPlan } from "./crash-plan.ts";
import type { OutsideCalls } from "./outside-calls.ts";
import type { FromProgram, ToProgram } from "./program-protocol.ts";

const PROGRAM = fileURLToPath(new URL("./runtime-program.ts", import.meta.url));
const OWNER_KEY = "owner-key-of-the-crash-suite-0123456789";

/** One process of the runtime, from its start to its end. */
export interface Life {
  readonly ready: Promise<void>;
  /** Rejects when it ended otherwise. */
  readonly ended: Promise<"killed" | "stopped">;
  kill(): void;
  tell(message: ToProgram): void;
  /** `undefined`: it died before it told. */
  askForLink(): Promise<string | undefined>;
  /** False: it died before it asked the model so. */
  modelCalled(text: string): Promise<boolean>;
  post(path: string, body: unknown): Promise<Response>;
}

interface ProgramOptions {
  readonly directory: string;
  readonly dataDir: string;
  readonly dbPath: string;
  readonly plan: CrashPlan;
  readonly epochMs: number;
  readonly server: Pick<BotApiServer, "token">;
  readonly outside: Pick<OutsideCalls, "url">;
}

export function startProgram(options: ProgramOptions): Life {
  const child = fork(PROGRAM, [options.directory], {
    execPath: process.execPath,
    execArgv: [],
    env: environmentOf(options),
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk) => {
      output += String(chunk);
    });
  }
  const heard: FromProgram[] = [];
  const listeners = new Set<() => void>();
  let isOver = false;
  const wake = (): void => {
    for (const listener of listeners) listener();
  };
  child.on("message", (message) => {
    heard.push(message as FromProgram);
    wake();
  });
  const ended = new Promise<"killed" | "stopped">((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      isOver = true;
      wake();
      if (signal === "SIGKILL") resolve("killed");
      else if (code === 0) resolve("stopped");
      else reject(new Error(`the program ended with ${code ?? signal}:\n${output}`));
    });
  });
  ended.catch(() => undefined);

  /** What the program said that `find` wants, now or later; `undefined` when it ended without saying so. */
  function hear<T>(find: (message: FromProgram) => T | undefined): Promise<T | undefined> {
    return new Promise((resolve) => {
      const look = (): void => {
        const found = heard.map(find).find((one) => one !== undefined);
        if (found === undefined && !isOver) return;
        listeners.delete(look);
        resolve(found);
      };
      listeners.add(look);
      look();
    });
  }

  const url = hear((message) => (message.kind === "ready" ? message.url : undefined));
  return {
    ready: new Promise((resolve) => void url.then((found) => found !== undefined && resolve())),
    ended,
    kill: () => void child.kill("SIGKILL"),
    tell: (message) => void (child.connected && child.send(message, () => undefined)),
    askForLink() {
      this.tell({ kind: "pairing-link" });
      return hear((message) => (message.kind === "pairing-link" ? message.link : undefined));
    },
    modelCalled: async (text) =>
      (await hear((message) =>
        message.kind === "model-called" && message.text.includes(text) ? true : undefined,
      )) === true,
    post: async (path, body) =>
      await fetch(`${await url}${path}`, {
        method: "POST",
        headers: { authorization: `Bearer ${OWNER_KEY}`, "content-type": "application/json" },
        body: JSON.stringify(body),
      }),
  };
}

function environmentOf(options: ProgramOptions): Record<string, string> {
  return {
    PATH: process.env["PATH"] ?? "",
    // The first start compiles; those after it read what it compiled.
    NODE_COMPILE_CACHE: `${options.directory}/../agent-runtime-compile-cache`,
    CRASH_EPOCH_MS: String(options.epochMs),
    [CRASH_PLAN_VARIABLE]: JSON.stringify(options.plan),
    AGENT_RUNTIME_DATA_DIR: options.dataDir,
    AGENT_RUNTIME_DB_PATH: options.dbPath,
    AGENT_RUNTIME_HTTP_ADDR: "127.0.0.1:0",
    AGENT_RUNTIME_ADMIN_TOKEN: OWNER_KEY,
    AGENT_RUNTIME_TELEGRAM_TOKEN: options.server.token,
    AGENT_RUNTIME_TELEGRAM_API_BASE: options.outside.url,
    AGENT_RUNTIME_TELEGRAM_POLL_SECONDS: "1",
    AGENT_RUNTIME_TELEGRAM_MAX_PER_SECOND: "0",
    AGENT_RUNTIME_TELEGRAM_MAX_PER_CHAT_PER_SECOND: "0",
  };
}
