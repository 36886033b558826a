import type { Database } from "better-sqlite3";
import { toStoreError } from "./connection.ts";

/** A piece of work done inside a shared transaction, apart from the others by its savepoint. */
interface Unit {
  readonly isSynced: boolean;
  readonly work: () => unknown;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

/** Thrown by `work` to undo its own writes and settle with `value` all the same. */
export class Undone {
  readonly value: unknown;
  constructor(value: unknown) {
    this.value = value;
  }
}

interface UnitOptions {
  /** False: it is in the log when `run` settles, and on the disk with the next unit that is synced. True when left out. */
  readonly isSynced?: boolean;
}

export interface GroupCommit {
  /** Settles after COMMIT with what `work` returned (or the value it was `Undone` with). Rejects when nothing was written. */
  run<T>(work: () => T, options?: UnitOptions): Promise<T>;
  /** Settles when everything handed in so far has ended. */
  drain(): Promise<void>;
}

interface Hooks {
  /** Before the first unit of a transaction. */
  readonly begin: () => void;
  /** The transaction did not commit: forget what was noted since `begin`. */
  readonly rollback: () => void;
  /** After COMMIT. Must not throw. */
  readonly committed: (isSynced: boolean) => void;
}

/**
 * Writes that are ready together share one transaction and so one fsync. There is no waiting window: whatever has
 * come in by the next turn of the event loop goes in.
 */
export function createGroupCommit(database: Database, hooks: Hooks): GroupCommit {
  let queue: Unit[] = [];
  let isScheduled = false;
  let isSyncing: boolean | undefined;
  const begin = database.prepare("begin immediate");
  const commit = database.prepare("commit");
  const rollback = database.prepare("rollback");
  const savepoint = database.prepare("savepoint unit");
  const release = database.prepare("release unit");
  const undo = database.prepare("rollback to unit");

  function schedule(): void {
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(runBatch);
  }

  function runBatch(): void {
    isScheduled = false;
    const batch = queue;
    queue = [];
    const settled: (() => void)[] = [];
    const isSynced = batch.some((unit) => unit.isSynced);
    try {
      hooks.begin();
      syncAtCommit(isSynced);
      begin.run();
      for (const unit of batch) settled.push(runUnit(unit));
      commit.run();
    } catch (error) {
      hooks.rollback();
      if (database.inTransaction) rollback.run();
      for (const unit of batch) unit.reject(toStoreError(error));
      return;
    }
    for (const settle of settled) settle();
    hooks.committed(isSynced);
  }

  /** A sync takes all that the log holds to the disk, in the order in which it was written. */
  function syncAtCommit(isSynced: boolean): void {
    if (isSynced === isSyncing) return;
    database.pragma(`synchronous = ${isSynced ? "FULL" : "NORMAL"}`);
    isSyncing = isSynced;
  }

  /** Throws only when the whole transaction is gone (disk full rolls back everything, not just the savepoint). */
  function runUnit({ work, resolve, reject }: Unit): () => void {
    savepoint.run();
    try {
      const value = work() as never;
      release.run();
      return () => resolve(value);
    } catch (error) {
      if (!database.inTransaction) throw error;
      undo.run();
      release.run();
      return error instanceof Undone
        ? () => resolve(error.value as never)
        : () => reject(toStoreError(error));
    }
  }

  return {
    run<T>(work: () => T, { isSynced = true }: UnitOptions = {}) {
      return new Promise<T>((resolve, reject) => {
        queue.push({ isSynced, work, resolve: resolve as (value: never) => void, reject });
        schedule();
      });
    },
    async drain() {
      while (queue.length > 0) await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
