import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "../../src/core/clock.ts";
import { openSqliteStore, type SqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import { checkInvariants } from "./check-invariants.ts";
import { createFakeClock, type FakeClock } from "./fake-clock.ts";

export interface TestStore<C extends Clock = FakeClock> {
  readonly store: SqliteStore;
  readonly clock: C;
  readonly directory: string;
  readonly dbPath: string;
  readonly auditKey: Buffer;
  /** Closes the store and fails the test when an invariant of the data is broken. */
  close(): Promise<void>;
}

/** A real store on a file of its own, with a clock that stands still unless another one is given. */
export async function openTestStore(): Promise<TestStore>;
export async function openTestStore<C extends Clock>(options: { clock: C }): Promise<TestStore<C>>;
export async function openTestStore(options: { clock?: Clock } = {}): Promise<TestStore<Clock>> {
  const directory = mkdtempSync(join(tmpdir(), "agent-runtime-store-"));
  const clock = options.clock ?? createFakeClock();
  const dbPath = join(directory, "meta.sqlite");
  const auditKey = Buffer.alloc(32, 7);
  const store = openSqliteStore({
    file: dbPath,
    clock,
    auditKey,
    anchorFile: join(directory, "audit.anchor"),
  });
  return {
    store,
    clock,
    directory,
    dbPath,
    auditKey,
    async close() {
      await store.close();
      try {
        checkInvariants(dbPath, auditKey);
      } finally {
        rmSync(directory, { recursive: true, force: true });
      }
    },
  };
}
