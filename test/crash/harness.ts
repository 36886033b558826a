import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CRASH_POINT_VARIABLE, type CrashPoint } from "./seams.ts";

/** What a program under test says when it has nothing left to do. */
interface Finished {
  readonly finished: true;
  readonly passed: readonly CrashPoint[];
}

interface Run {
  /** `killed`: it died at its crash point. `finished`: it ended by itself. */
  readonly end: "killed" | "finished";
  readonly passed: readonly CrashPoint[];
}

export interface CrashScenario {
  /** A program that works in the directory it is given as its argument until nothing is left to do. */
  readonly program: string;
  /** More of its environment; called anew for each start. */
  readonly env?: (directory: string) => Record<string, string>;
  /** Told of each child, for scenarios that play the outside world. */
  readonly onStart?: (child: ChildProcess, directory: string) => void;
  /** Checks what the directory holds at the end. @throws when a promise is broken. */
  readonly check: (directory: string) => void | Promise<void>;
}

/** Starts the program once and settles when it has ended. */
function runOnce(scenario: CrashScenario, directory: string, crashAt?: CrashPoint): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = fork(scenario.program, [directory], {
      execPath: process.execPath,
      execArgv: [],
      env: {
        PATH: process.env["PATH"],
        ...scenario.env?.(directory),
        ...(crashAt === undefined ? {} : { [CRASH_POINT_VARIABLE]: JSON.stringify(crashAt) }),
      },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    let said = "";
    let passed: readonly CrashPoint[] = [];
    child.stdout?.on("data", (chunk) => {
      said += String(chunk);
    });
    child.stderr?.on("data", (chunk) => {
      said += String(chunk);
    });
    child.on("message", (message: Finished) => {
      if (message.finished) passed = message.passed;
    });
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      if (signal === "SIGKILL") resolve({ end: "killed", passed: [] });
      else if (code === 0) resolve({ end: "finished", passed });
      else reject(new Error(`${scenario.program} ended with ${code ?? signal}:\n${said}`));
    });
    scenario.onStart?.(child, directory);
  });
}

/** Every point the scenario passes when nothing goes wrong. */
export async function recordPoints(scenario: CrashScenario): Promise<readonly CrashPoint[]> {
  return inDirectory(async (directory) => {
    const { end, passed } = await runOnce(scenario, directory);
    if (end !== "finished") throw new Error("the scenario died without a crash point");
    await scenario.check(directory);
    return passed;
  });
}

/** Kills the program at `point`, starts it again, lets it finish, and checks what is there. False: the point was not reached. */
export async function crashAt(scenario: CrashScenario, point: CrashPoint): Promise<boolean> {
  return inDirectory(async (directory) => {
    const first = await runOnce(scenario, directory, point);
    if (first.end === "killed") {
      const second = await runOnce(scenario, directory);
      if (second.end !== "finished") throw new Error("it died again, without a crash point");
    }
    try {
      await scenario.check(directory);
    } catch (error) {
      throw new Error(`killed ${point.side} ${point.seam} #${point.occurrence}: ${String(error)}`, {
        cause: error,
      });
    }
    return first.end === "killed";
  });
}

/** One point a side of every seam: the first, and when `all`, every occurrence. */
export function choosePoints(points: readonly CrashPoint[], all: boolean): readonly CrashPoint[] {
  return all ? points : points.filter((point) => point.occurrence === 1);
}

/** Seams that were not killed on both sides, which would mean that something of the way was never tried. */
export function untriedSides(
  points: readonly CrashPoint[],
  killed: readonly CrashPoint[],
): readonly string[] {
  const sides = (list: readonly CrashPoint[]) =>
    new Set(list.map((point) => `${point.side} ${point.seam}`));
  const tried = sides(killed);
  return [...sides(points)].filter((side) => !tried.has(side));
}

async function inDirectory<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), "agent-runtime-crash-"));
  try {
    return await work(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
