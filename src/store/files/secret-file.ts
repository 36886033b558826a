import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from "node:fs";
import { pathProblem } from "../../core/path-problem.ts";

/**
 * What a secret's file in the data directory holds. Without one it is made of what `create` gives, for this account
 * alone, whole or not at all: half a secret would lock the owner out.
 * @throws AppError when it cannot be made or read.
 */
export function openSecretFile(file: string, create: () => string): string {
  try {
    if (!existsSync(file)) writeWhole(file, create());
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    throw pathProblem(error, file, "AGENT_RUNTIME_DATA_DIR");
  }
}

function writeWhole(file: string, secret: string): void {
  const handle = openSync(`${file}.new`, "w", 0o600);
  try {
    writeSync(handle, `${secret}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(`${file}.new`, file);
}
