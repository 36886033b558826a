import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import type { StorageConfig } from "../config/config.ts";
import { AppError, describeError } from "../core/errors.ts";
import { findKeyProblem } from "../store/audit/key-of-record.ts";
import {
  look,
  makeDirectory,
  type NeededPath,
  requireDirectory,
  requireFile,
} from "../store/files/needed-path.ts";
import {
  type DataLock,
  databaseLockFile,
  lockDatabase,
  lockDataDirectory,
} from "../store/sqlite/data-lock.ts";

/** What lies in the data directory itself. */
const FILES = ["lock.db", "audit.key", "audit.anchor", "admin-token", "address"];

/**
 * Makes the directories of a runtime, readable for its account alone, and takes hold of the data directory and of the
 * store's file, which may lie elsewhere.
 * @throws AppError `conflict` when another process has one of them, `invalid_input` when a path cannot be used or the
 * key of the record is gone.
 */
export function openDataDirectory(storage: StorageConfig): DataLock {
  for (const directory of directoriesOf(storage)) {
    makeDirectory(directory);
    requireDirectory(directory);
  }
  for (const file of filesOf(storage)) requireFile(file);
  const locks: DataLock[] = [];
  const release = () => {
    for (const lock of locks.toReversed()) lock.release();
  };
  try {
    locks.push(lockDataDirectory(resolve(storage.dataDir)));
    locks.push(lockDatabase(resolve(storage.dbPath)));
    const keyProblem = findKeyProblem(storage);
    if (keyProblem !== undefined) throw new AppError("invalid_input", keyProblem);
    return { release };
  } catch (error) {
    release();
    throw error;
  }
}

/** What a start would meet in the paths that are there already, one sentence each. Makes nothing. */
export function findPathProblems(storage: StorageConfig): readonly string[] {
  const inDirectories = directoriesOf(storage).flatMap((directory) =>
    problemsOf(() => {
      if (look(directory) !== undefined) requireDirectory(directory);
    }),
  );
  // What is wrong with one is mostly wrong with all that lie in it.
  if (inDirectories.length > 0) return inDirectories.slice(0, 1);
  return filesOf(storage).flatMap((file) => problemsOf(() => requireFile(file)));
}

function problemsOf(check: () => void): readonly string[] {
  try {
    check();
    return [];
  } catch (error) {
    return [describeError(error)];
  }
}

function directoriesOf(storage: StorageConfig): readonly NeededPath[] {
  return [
    placed(storage, storage.dataDir, "AGENT_RUNTIME_DATA_DIR"),
    placed(storage, dirname(storage.dbPath), "AGENT_RUNTIME_DB_PATH"),
    placed(storage, storage.workspaceRoot, "AGENT_RUNTIME_WORKSPACE_ROOT"),
  ];
}

function filesOf(storage: StorageConfig): readonly NeededPath[] {
  return [
    ...FILES.map((name) => placed(storage, join(storage.dataDir, name), "AGENT_RUNTIME_DATA_DIR")),
    ...["", "-wal", "-shm"].map((suffix) =>
      placed(storage, `${storage.dbPath}${suffix}`, "AGENT_RUNTIME_DB_PATH"),
    ),
    placed(storage, databaseLockFile(storage.dbPath), "AGENT_RUNTIME_DB_PATH"),
  ];
}

/** What lies within the data directory is moved with it. */
function placed(storage: StorageConfig, path: string, variable: string): NeededPath {
  const way = relative(resolve(storage.dataDir), resolve(path));
  const isWithin = way !== ".." && !way.startsWith("../") && !isAbsolute(way);
  return { path: resolve(path), variable: isWithin ? "AGENT_RUNTIME_DATA_DIR" : variable };
}
