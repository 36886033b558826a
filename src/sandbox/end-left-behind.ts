import { readdir, readFile } from "node:fs/promises";

/** What every program gets in its environment, and with it whatever that starts: a word of its group alone. */
export const GROUP_WORD = "STARTED_BY_AGENT_RUNTIME";
/** What multiplies faster than it is ended is not run after for ever. */
const MOST_ROUNDS = 20;

/**
 * Ends what a program has left behind in a session of its own, where no signal to its group reaches it. It is known by its
 * environment; where a process has given that up, or this machine does not tell it, nothing is found.
 */
export async function endLeftBehind(word: string): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const left = await findLeft(`${GROUP_WORD}=${word}`);
    for (const pid of left) kill(pid);
    if (left.length === 0) return;
  }
}

async function findLeft(entry: string): Promise<readonly number[]> {
  const pids = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, "latin1").catch(() => "");
      return environment.split("\0").includes(entry) ? [Number(pid)] : [];
    }),
  );
  return found.flat();
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}
