import { readFileSync } from "node:fs";

/**
 * Whether more than `most` processes descend from `pid`, itself among them. What ends meanwhile is not counted; nor is
 * what is beyond, as those that multiply do so while they are counted.
 */
export function hasMoreProcesses(pid: number, most: number): boolean {
  const waiting = [pid];
  let count = 0;
  for (let next = waiting.pop(); next !== undefined && count <= most; next = waiting.pop()) {
    count += 1;
    waiting.push(...childrenOf(next));
  }
  return count > most;
}

function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
    return text
      .split(" ")
      .filter((one) => one !== "")
      .map(Number);
  } catch {
    return [];
  }
}
