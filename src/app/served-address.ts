import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathProblem } from "../core/path-problem.ts";

const fileOf = (dataDir: string): string => join(dataDir, "address");

/** Where the service that uses `dataDir` said it listens; `undefined` when none has said so. It may have died since. */
export function readServedUrl(dataDir: string): string | undefined {
  let text: string;
  try {
    text = readFileSync(fileOf(dataDir), "utf8").trim();
  } catch {
    return undefined;
  }
  const isHttp = URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
  return isHttp ? text.replace(/\/+$/, "") : undefined;
}

/** Notes the address really bound, so that commands find it also when the port was chosen by the system. */
export function writeServedUrl(dataDir: string, url: string): void {
  try {
    writeFileSync(fileOf(dataDir), `${url}\n`, { mode: 0o600 });
  } catch (error) {
    throw pathProblem(error, fileOf(dataDir), "AGENT_RUNTIME_DATA_DIR");
  }
}

export function forgetServedUrl(dataDir: string): void {
  rmSync(fileOf(dataDir), { force: true });
}
