import { type ChildProcess, fork } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { systemClock } from "../../../src/core/clock.ts";
import { type BotApiServer, startBotApiServer } from "../../support/bot-api/bot-api-server.ts";
import { openReceiver, type Receiver } from "../../support/open-receiver.ts";
import { openApiGate, type PassCall } from "./api-gate.ts";
import { type Answered, askRuntime, type Request } from "./ask-runtime.ts";
import {
  type CrashPlan,
  EPOCH_VARIABLE,
  type FromProgram,
  LATER_VARIABLE,
  LOG_FILE,
  type Passage,
  PLAN_VARIABLE,
  type ToProgram,
  TRACE_FILE,
} from "./program-protocol.ts";
import { createRandom } from "./random.ts";

const PROGRAM = fileURLToPath(new URL("./runtime-program.ts", import.meta.url));
/** What one process did not bring about by then never comes: each has as long, as a busy machine starts them slowly. */
const FACT_WITHIN_MS = 90_000;
const LOOK_AGAIN_MS = 15;

/** What stands around the runtime besides Telegram, and which runtime it is. */
export interface World {
  readonly program: string;
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Nothing else, and a runtime whose model says back what it is asked. */
export const ECHO: World = { program: PROGRAM, env: {}, close: async () => undefined };

export interface Scene {
  readonly telegram: BotApiServer;
  /** Where agents are told what they did not ask for. */
  readonly receiver: Receiver;
  readonly directory: string;
  readonly dataDir: string;
  readonly dbPath: string;
  /** Sides of seams where the process was killed, in order. */
  readonly killed: readonly string[];
  /** Every side that was passed, killed there or not. */
  readonly passed: ReadonlySet<string>;
  /** What the model was asked, over all lives of the process. */
  readonly asked: readonly string[];
  /** Settles with what `read` gives as soon as that is not `undefined`. */
  until<T>(what: string, read: () => T | undefined | Promise<T | undefined>): Promise<T>;
  /** Asked again after a death. */
  pairingLink(): Promise<string>;
  /** Tried again until a living process has answered. */
  ask(request: Request): Promise<Answered>;
  /** As the owner. */
  post(path: string, body: unknown): Promise<Answered>;
  rows(sql: string): readonly Record<string, unknown>[];
  /** Starts the process anew. */
  restart(): void;
  /** Starts the process anew, as much later. */
  sleepUntilLater(durationMs: number): void;
  /** Settles when nothing waits for anything, neither here nor at Telegram. */
  idle(): Promise<void>;
  /** Ends the process as SIGTERM would, and starts none again. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

/** The program of the whole runtime between a Bot API server and a model, started again whenever it is killed. */
export async function openScene(
  plan: CrashPlan,
  openWorld: (pass: PassCall, dataDir: string) => Promise<World> = async () => ECHO,
): Promise<Scene> {
  const directory = mkdtempSync(join(tmpdir(), "agent-runtime-crash-"));
  const dataDir = join(directory, "data");
  const dbPath = join(dataDir, "agent-runtime", "meta.sqlite");
  const epochMs = systemClock.now();
  const random = createRandom(plan.seed);
  const telegram = await startBotApiServer();
  const receiver = await openReceiver();
  const killed: string[] = [];
  const passed = new Set<string>();
  const asked: string[] = [];
  const links: string[] = [];
  let failure: Error | undefined;
  let child: ChildProcess | undefined;
  let url: string | undefined;
  let wantsLink = false;
  let isStopping = false;
  let isOver = false;
  let laterMs = 0;
  let bornMs = 0;

  const remaining = () => plan.sides.filter((side) => !killed.includes(side));

  const passCall: PassCall = (seam, side) => {
    const name = `${side} ${seam}`;
    passed.add(name);
    if (child === undefined) return true;
    if (!remaining().includes(name) || random() >= plan.odds) return true;
    killed.push(name);
    child.kill("SIGKILL");
    child = undefined;
    return false;
  };
  const gate = await openApiGate(telegram.port, passCall);
  const world = await openWorld(passCall, dataDir);
  const publishGate = await openApiGate(Number(new URL(receiver.url).port), passCall);

  function start(): void {
    const born = fork(world.program, [directory], {
      execPath: process.execPath,
      execArgv: [],
      env: {
        PATH: process.env["PATH"],
        NODE_COMPILE_CACHE: join(directory, "compile-cache"),
        [EPOCH_VARIABLE]: String(epochMs),
        [LATER_VARIABLE]: String(laterMs),
        [PLAN_VARIABLE]: JSON.stringify({
          ...plan,
          sides: remaining(),
          seed: plan.seed + killed.length,
        }),
        AGENT_RUNTIME_DATA_DIR: dataDir,
        AGENT_RUNTIME_HTTP_ADDR: "127.0.0.1:0",
        AGENT_RUNTIME_TELEGRAM_TOKEN: telegram.token,
        AGENT_RUNTIME_TELEGRAM_API_BASE: gate.url,
        AGENT_RUNTIME_CODEX_PUBLISH_URL: `${publishGate.url}/publish`,
        AGENT_RUNTIME_CONTEXT_TOKENS: "12000",
        AGENT_RUNTIME_TELEGRAM_POLL_SECONDS: "1",
        AGENT_RUNTIME_TELEGRAM_MAX_PER_SECOND: "0",
        AGENT_RUNTIME_TELEGRAM_MAX_PER_CHAT_PER_SECOND: "0",
        AGENT_RUNTIME_INBOUND_MAX_PER_MINUTE: "0",
        AGENT_RUNTIME_LLM_RATE_LIMIT_PER_WINDOW: "0",
        // No answer ends because the machine is busy while the clock is fast.
        AGENT_RUNTIME_LLM_TIMEOUT_SECONDS: "3600",
        AGENT_RUNTIME_AGENT_MAX_TURN_DURATION_SECONDS: "3600",
        ...world.env,
      },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    let said = "";
    const listen = (chunk: unknown) => {
      said += String(chunk);
    };
    born.stdout?.on("data", listen);
    born.stderr?.on("data", listen);
    born.on("message", (message) => hear(message as FromProgram));
    born.on("exit", (code, signal) => {
      if (child === born) child = undefined;
      url = undefined;
      if (!isOver) goOn(`${code ?? signal}: ${said}`);
    });
    child = born;
    bornMs = performance.now();
  }

  function restart(): void {
    child?.kill("SIGKILL");
  }

  /** After the end of a process: killed as planned, it is followed by the next. */
  function goOn(end: string): void {
    readTrace();
    if (end.startsWith("SIGKILL")) start();
    else if (isStopping && end.startsWith("0")) isOver = true;
    else failure = new Error(`the runtime ended with ${end}`);
  }

  function hear(message: FromProgram): void {
    if (message.kind === "model-called") asked.push(message.text);
    if (message.kind === "pairing-link") {
      wantsLink = false;
      links.push(message.link);
    }
    if (message.kind === "ready") {
      url = message.url;
      if (wantsLink) tell({ kind: "pairing-link" });
      if (isStopping) tell({ kind: "stop" });
    }
  }

  function tell(message: ToProgram): void {
    // A process that was just killed hears nothing; the next one is asked again.
    if (child?.connected && url !== undefined) child.send(message, () => undefined);
  }

  function readTrace(): void {
    const file = join(directory, TRACE_FILE);
    if (!existsSync(file)) return;
    for (const line of readFileSync(file, "utf8").split("\n").filter(Boolean)) {
      const { side, died } = JSON.parse(line) as Passage;
      passed.add(side);
      if (died) killed.push(side);
    }
    rmSync(file);
  }

  async function until<T>(
    what: string,
    read: () => T | undefined | Promise<T | undefined>,
  ): Promise<T> {
    const askedMs = performance.now();
    for (;;) {
      if (failure !== undefined) throw failure;
      const value = await read();
      if (value !== undefined) return value;
      if (performance.now() > Math.max(askedMs, bornMs) + FACT_WITHIN_MS)
        throw new Error(`This never came: ${what}.${describe()}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  }

  function describe(): string {
    const said = telegram.sent.slice(-5).map(({ text }) => text.slice(0, 60));
    const log = readFileSync(join(directory, LOG_FILE), "utf8").split("\n").slice(-15).join("\n");
    return `\nKilled: ${killed.join(", ")}\nLast sent: ${said.join(" | ")}\nLog:\n${log}`;
  }

  function rows(sql: string): readonly Record<string, unknown>[] {
    const database = new Database(dbPath, { readonly: true });
    try {
      return database.prepare<[], Record<string, unknown>>(sql).all();
    } finally {
      database.close();
    }
  }

  function ask(request: Request): Promise<Answered> {
    return until(`an answer to ${request.path}`, async () =>
      url === undefined ? undefined : await askRuntime({ url, dataDir }, request),
    );
  }

  start();
  return {
    telegram,
    receiver,
    directory,
    dataDir,
    dbPath,
    killed,
    passed,
    asked,
    until,
    rows,
    async pairingLink() {
      wantsLink = true;
      tell({ kind: "pairing-link" });
      return until("a pairing link", () => links.shift());
    },
    ask,
    post: (path, body) => ask({ method: "POST", path, body }),
    restart,
    sleepUntilLater(durationMs) {
      laterMs += durationMs;
      restart();
    },
    idle: () =>
      until("rest", () => {
        if (telegram.updates.pending > 0 || url === undefined) return undefined;
        const busy = rows(
          "select kind, state, run_at_ms, last_error from jobs where state <> 'dead' and kind not in ('sweep', 'tell-overdue', 'probe', 'expire-approval')",
        );
        return busy.length === 0 ? true : undefined;
      }).then(() => undefined),
    async stop() {
      isStopping = true;
      tell({ kind: "stop" });
      await until("the end of the process", () => (isOver ? true : undefined));
    },
    async close() {
      isOver = true;
      child?.kill("SIGKILL");
      await Promise.all([gate.close(), publishGate.close()]);
      await Promise.all([telegram.close(), receiver.close(), world.close()]);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
