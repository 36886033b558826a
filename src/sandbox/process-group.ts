import { type ChildProcess, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { systemClock } from "../core/clock.ts";
import { randomBase32 } from "../core/ids.ts";
import { endLeftBehind, GROUP_WORD } from "./end-left-behind.ts";

export interface GroupCommand {
  /** Without a shell: the program, then its arguments. */
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  /** The whole of it, save PATH and the word by which what the program leaves behind is found. */
  readonly env: Readonly<Record<string, string>>;
  /** Whatever it starts ends with it anyway: nobody need look for it. */
  readonly leavesNothing?: true;
}

/** A program with everything that it starts. */
export interface ProcessGroup {
  /** Of the program; `undefined` when it cannot start. */
  readonly pid: number | undefined;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Settles with how it ended, when its output is whole and nothing of it runs any more. Rejects when it cannot start. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  kill(): void;
}

/** So long after the end of a program what it wrote is still read. */
const LATE_OUTPUT_MS = 3_000;
/** Found there unless the environment says otherwise. */
const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/** How many processes of ours are in a group, besides what is started. */
export const GUARDS = 1;
/**
 * A guard of the same group waits for the end of a pipe that this process alone holds: however this process ends, the
 * group does not outlive it.
 */
const GUARDED = '( read -r _ <&3; kill -KILL 0 ) </dev/null >/dev/null 2>&1 & exec "$@" 3<&-';

/**
 * Starts a program in a process group of its own, which ends with it or with this process, whatever happens. With it, but
 * not where this process is killed, ends what has left the group.
 */
export function startProcessGroup(command: GroupCommand): ProcessGroup {
  const { argv, cwd, env, leavesNothing } = command;
  const word = randomBase32(26);
  const child = spawn("/bin/sh", ["-c", GUARDED, "sh", ...argv], {
    cwd,
    env: { PATH, ...env, [GROUP_WORD]: word },
    detached: true,
    stdio: ["pipe", "pipe", "pipe", "pipe"],
  });
  const [stdin, stdout, stderr, lifeline] = child.stdio as unknown as [
    Writable,
    Readable,
    Readable,
    Writable,
  ];
  // Whoever ends breaks these; that it ended is told by `ended`.
  for (const pipe of [stdin, lifeline]) pipe.on("error", () => undefined);
  let isOver = false;
  const leftBehind = Promise.withResolvers<void>();
  const kill = () => {
    if (!isOver) killGroup(child);
  };
  child.once("exit", () => {
    // What it leaves behind would hold its pipes open. The guard kept the number of the group from being given away.
    kill();
    isOver = true;
    lifeline.destroy();
    leftBehind.resolve(leavesNothing ? undefined : endLeftBehind(word));
    // What cannot be ended may hold its output open for days.
    const settled = new AbortController();
    child.once("close", () => settled.abort());
    void systemClock.sleep(LATE_OUTPUT_MS, settled.signal).then(
      () => {
        for (const pipe of [stdout, stderr]) pipe.destroy();
      },
      () => undefined,
    );
  });
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      void leftBehind.promise.then(() => resolve({ code, signal }));
    });
  });
  // Whoever waits for it is told.
  ended.catch(() => undefined);
  return { pid: child.pid, stdin, stdout, stderr, ended, kill };
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nothing of it runs any more.
  }
}
