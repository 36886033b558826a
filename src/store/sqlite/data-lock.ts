import { join } from "node:path";
import Database from "better-sqlite3";
import { AppError } from "../../core/errors.ts";

export interface DataLock {
  release(): void;
}

/**
 * Holds the data directory for this process alone, for as long as it lives: an open exclusive transaction, which the
 * operating system ends with the process however that dies.
 * @throws AppError `conflict` when another process holds it.
 */
export function lockDataDirectory(dataDir: string): DataLock {
  const database = new Database(join(dataDir, "lock.db"));
  try {
    database.pragma("busy_timeout = 0");
    database.exec("begin exclusive");
  } catch (error) {
    database.close();
    const isHeld = error instanceof Database.SqliteError && error.code.startsWith("SQLITE_BUSY");
    if (isHeld) throw heldByAnother(dataDir, error);
    throw error;
  }
  return { release: () => database.close() };
}

function heldByAnother(dataDir: string, cause: unknown): AppError {
  return new AppError(
    "conflict",
    `Another agent-runtime is using ${dataDir}. Stop it, or set AGENT_RUNTIME_DATA_DIR to another directory.`,
    { cause },
  );
}

/** Whether some process holds the directory now; changes nothing. */
export function isDataDirectoryLocked(dataDir: string): boolean {
  try {
    lockDataDirectory(dataDir).release();
    return false;
  } catch (error) {
    if (error instanceof AppError && error.code === "conflict") return true;
    throw error;
  }
}
