import { execFileSync } from "node:child_process";

const KIB_A_MB = 1_024;

/** The resident memory of a process as ps counts it; 1 MB = 1024 KiB. */
export function readResidentMb(pid: number): number {
  return (
    Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" })) / KIB_A_MB
  );
}
