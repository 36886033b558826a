import type { Compilable } from "kysely";
import type { Commit, CommitResult } from "../core/effect/commit.ts";
import type { Changes } from "./changes.ts";
import type { DialectName } from "./dialect.ts";
import type { Db, Statement } from "./statement.ts";

/** Reading. What it returns is committed; nothing can be changed through it. */
export interface Reader {
  /** The first row, or `undefined`. @throws AppError `unavailable` when the store does not answer. */
  first<P, R>(statement: Statement<P, R>, params: P): Promise<R | undefined>;
  all<P, R>(statement: Statement<P, R>, params: P): Promise<R[]>;
  /** For queries whose shape depends on their input (lists with filters). */
  list<R>(build: (db: Db) => Compilable<R>): Promise<R[]>;
}

export interface Store extends Reader {
  readonly dialect: DialectName;
  readonly changes: Changes;
  /** The only way to change anything. See `Commit` and `CommitResult`. */
  commit(commit: Commit): Promise<CommitResult>;
  close(): Promise<void>;
}
