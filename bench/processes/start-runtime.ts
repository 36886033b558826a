import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { stop } from "./run-program.ts";

export const MAIN = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

export interface RunningRuntime {
  readonly pid: number;
  readonly url: string;
  /** From the start of the process to the first 200 of `/readyz`. */
  readonly readyAfterMs: number;
  /** The value of a metric without labels. */
  readMetric(name: string): Promise<number>;
  stop(): Promise<void>;
}

interface StartOptions {
  readonly dataDir: string;
  readonly env?: Readonly<Record<string, string>>;
  /** A program and its arguments that run Node for us. */
  readonly under?: readonly string[];
}

/** Starts the built runtime on a free port and waits until it says that it is ready. */
export async function startRuntime({
  dataDir,
  env = {},
  under = [],
}: StartOptions): Promise<RunningRuntime> {
  const [command = process.execPath, ...args] = [
    ...under,
    process.execPath,
    MAIN,
    "serve",
    "--port",
    "0",
  ];
  const startMs = performance.now();
  const child = spawn(command, args, {
    // Where no `.env` of the checkout is found.
    cwd: dataDir,
    env: {
      PATH: process.env["PATH"],
      HOME: process.env["HOME"],
      AGENT_RUNTIME_DATA_DIR: dataDir,
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  passOnErrors(child);
  const url = await readServedUrl(child);
  child.stdout?.resume();
  const ready = await fetch(`${url}/readyz`);
  const readyAfterMs = performance.now() - startMs;
  if (!ready.ok) throw new Error(`the runtime is not ready: ${await ready.text()}`);
  const token = readFileSync(join(dataDir, "admin-token"), "utf8").trim();
  return {
    pid: child.pid ?? 0,
    url,
    readyAfterMs,
    async readMetric(name) {
      const response = await fetch(`${url}/metrics`, {
        headers: { authorization: `Bearer ${token}` },
      });
      const line = (await response.text()).split("\n").find((one) => one.startsWith(`${name} `));
      return Number(line?.split(" ")[1]);
    },
    stop: () => stop(child),
  };
}

/** Shows what the runtime has to complain of, and not that we listen in as a debugger: see `collectGarbage`. */
function passOnErrors({ stderr }: ChildProcess): void {
  if (stderr === null) return;
  createInterface({ input: stderr }).on("line", (line) => {
    if (line !== "Debugger attached.") process.stderr.write(`${line}\n`);
  });
}

async function readServedUrl(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error("the runtime has no output");
  const lines = createInterface({ input: child.stdout });
  const found = (async () => {
    for await (const line of lines) {
      const entry = JSON.parse(line);
      if (entry.message === "serving") return String(entry.url);
    }
    throw new Error("the runtime ended before it served");
  })();
  const exited = once(child, "exit").then(() => {
    throw new Error("the runtime could not start");
  });
  exited.catch(() => undefined);
  return await Promise.race([found, exited]);
}
