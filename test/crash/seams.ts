import type { Commit } from "../../src/core/effect/commit.ts";
import type { SqliteStore } from "../../src/store/sqlite/sqlite-store.ts";

export type Side = "before" | "after";

/** A place where the process can die: one side of the n-th passing of a commit or an outside call. */
export interface CrashPoint {
  readonly seam: string;
  readonly side: Side;
  /** 1 for the first time the seam is passed. */
  readonly occurrence: number;
}

export interface Seams {
  /** Dies here when this is the chosen point. */
  pass(seam: string, side: Side): void;
  /** Every point passed so far, in order. */
  readonly passed: readonly CrashPoint[];
}

export const CRASH_POINT_VARIABLE = "CRASH_POINT";

/** `before commit handle-message`: a side of a seam, whatever the occurrence. */
export function sideOf(point: CrashPoint): string {
  return `${point.side} ${point.seam}`;
}

/** Counts the passing of seams, and asks of each whether to die there. */
export function createPassages(onPass: (point: CrashPoint) => void): Seams {
  const counts = new Map<string, number>();
  const passed: CrashPoint[] = [];
  return {
    passed,
    pass(seam, side) {
      const key = `${side} ${seam}`;
      const occurrence = (counts.get(key) ?? 0) + 1;
      counts.set(key, occurrence);
      const point = { seam, side, occurrence };
      passed.push(point);
      onPass(point);
    },
  };
}

/** Counts the seams this process passes and kills it with SIGKILL at the one named in the environment, if any. */
export function createSeams(): Seams {
  const text = process.env[CRASH_POINT_VARIABLE];
  const chosen = text === undefined ? undefined : (JSON.parse(text) as CrashPoint);
  return createPassages((point) => {
    if (chosen?.occurrence === point.occurrence && sideOf(chosen) === sideOf(point)) die();
  });
}

/** Ends this process at this very instruction. */
export function die(): never {
  process.kill(process.pid, "SIGKILL");
  for (;;); // The signal is on its way; nothing more may happen.
}

/** The same store, with every commit and every claim a seam. */
export function withSeams(store: SqliteStore, seams: Seams): SqliteStore {
  return {
    ...store,
    async commit(commit: Commit) {
      seams.pass(`commit ${commit.name}`, "before");
      const result = await store.commit(commit);
      seams.pass(`commit ${commit.name}`, "after");
      return result;
    },
    async transact(work) {
      seams.pass("claim", "before");
      const value = await store.transact(work);
      seams.pass("claim", "after");
      return value;
    },
  };
}
