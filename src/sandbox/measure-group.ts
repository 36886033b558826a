import { readdirSync, readFileSync } from "node:fs";
import type { SandboxLimits } from "./sandbox.ts";

/** Pages of memory are that large wherever we run. */
const PAGE_BYTES = 4_096;
/** As many threads as processes may have, together: the kernel bounds the same of all but root's. */
const THREADS_PER_PROCESS = 2;

/**
 * The limit that `pid` and all that descends from it go beyond together, if they do. So many of them, `ours`, do not count as
 * processes, each of one thread. What ends meanwhile is not counted;
 * nor is what is beyond, as those that multiply do so while they are counted.
 */
export function findExceeded(
  pid: number,
  limits: Pick<SandboxLimits, "processes" | "memoryBytes">,
  ours: number,
): "processes" | "memory" | undefined {
  const waiting = [pid];
  let count = -ours;
  let threadCount = -ours;
  let bytes = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const threads = threadsOf(next);
    count += 1;
    threadCount += threads.length;
    const isCrowd =
      count > limits.processes || threadCount > limits.processes * THREADS_PER_PROCESS;
    if (isCrowd) return "processes";
    bytes += memoryOf(next);
    for (const one of threads) waiting.push(...numbersIn(`/proc/${next}/task/${one}/children`));
  }
  return bytes > limits.memoryBytes ? "memory" : undefined;
}

/** Each has children of its own. */
function threadsOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

/** Of its own: programs and libraries that it shares do not count. */
function memoryOf(pid: number): number {
  const [, resident = 0, shared = 0] = numbersIn(`/proc/${pid}/statm`);
  return (resident - shared) * PAGE_BYTES;
}

function numbersIn(path: string): number[] {
  try {
    const words = readFileSync(path, "utf8").split(/\s+/);
    return words.filter((one) => one !== "").map(Number);
  } catch {
    return [];
  }
}
