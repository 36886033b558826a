import { chmodSync, existsSync, mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { StorageConfig } from "../config/config.ts";
import { AppError } from "../core/errors.ts";
import { type DataLock, lockDataDirectory } from "../store/sqlite/data-lock.ts";

/**
 * Makes the directories of a runtime, readable for its account alone, and takes hold of the data directory.
 * @throws AppError `conflict` when another process has it, `unavailable` when it cannot be made or written.
 */
export function openDataDirectory(storage: StorageConfig): DataLock {
  const dataDir = resolve(storage.dataDir);
  try {
    for (const directory of [dataDir, dirname(storage.dbPath), storage.workspaceRoot]) {
      const isNew = !existsSync(directory);
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      if (isNew) chmodSync(directory, 0o700);
    }
    return lockDataDirectory(dataDir);
  } catch (error) {
    throw error instanceof AppError ? error : unusable(dataDir, error);
  }
}

function unusable(dataDir: string, cause: unknown): AppError {
  const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
  return new AppError(
    "unavailable",
    `The data directory ${dataDir} cannot be used: ${reason}. Make it writable, or set AGENT_RUNTIME_DATA_DIR to another.`,
    { cause },
  );
}
