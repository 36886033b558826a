import { existsSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { AppError } from "../../core/errors.ts";

const LOCK_FILE = "lock.db";

export interface DataLock {
  release(): void;
}

/**
 * Holds the data directory for this process alone, for as long as it lives: an open exclusive transaction, which the
 * operating system ends with the process however that dies.
 * @throws AppError `conflict` when another process holds it.
 */
export function lockDataDirectory(dataDir: string): DataLock {
  const database = new Database(join(dataDir, LOCK_FILE));
  try {
    database.pragma("busy_timeout = 0");
    database.exec("begin exclusive");
  } catch (error) {
    database.close();
    if (isBusy(error)) throw heldByAnother(dataDir, error);
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

/** Whether some process holds the directory now. Asks without taking hold itself; false where nobody ever did. */
export function isDataDirectoryLocked(dataDir: string): boolean {
  const file = join(dataDir, LOCK_FILE);
  if (!existsSync(file)) return false;
  const database = new Database(file, { readonly: true });
  try {
    database.pragma("busy_timeout = 0");
    database.prepare("select 1 from sqlite_master").get();
    return false;
  } catch (error) {
    if (isBusy(error)) return true;
    throw error;
  } finally {
    database.close();
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith("SQLITE_BUSY");
}
