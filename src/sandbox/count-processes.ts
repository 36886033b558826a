import { readFileSync } from "node:fs";

const ENOUGH = 10_000;

/** How many processes descend from `pid`, itself among them. What ends meanwhile is not counted. */
export function countProcesses(pid: number): number {
  const waiting = [pid];
  let count = 0;
  for (let next = waiting.pop(); next !== undefined && count < ENOUGH; next = waiting.pop()) {
    count += 1;
    waiting.push(...childrenOf(next));
  }
  return count;
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
