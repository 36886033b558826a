import { readdirSync, readFileSync } from "node:fs";

/** The processes of this machine that were started with `word` as one of their arguments, and run. */
export function findPrograms(word: string): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => runs(name, word))
    .map(Number);
}

function runs(pid: string, word: string): boolean {
  try {
    return (
      /^\d+$/.test(pid) &&
      readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").includes(word) &&
      !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"))
    );
  } catch {
    // It has ended meanwhile.
    return false;
  }
}
