import { AppError } from "../../core/errors.ts";
import type { Dialect } from "../dialect.ts";
import { firstTables } from "./0001-first-tables.ts";

export interface Migration {
  readonly name: string;
  readonly statements: (dialect: Dialect) => readonly string[];
}

/** In order of application. Never change one that was released; add the next. */
export const MIGRATIONS: readonly Migration[] = [firstTables];

export const MIGRATIONS_TABLE =
  "create table if not exists migrations (name text primary key, applied_at_ms bigint not null)";

/**
 * What is still to be applied to a store that has had `applied`.
 * @throws AppError `conflict` when the store was made by a newer version of this program.
 */
export function pendingMigrations(
  applied: readonly string[],
  known: readonly Migration[] = MIGRATIONS,
): readonly Migration[] {
  const names = new Set(known.map((migration) => migration.name));
  const unknown = applied.filter((name) => !names.has(name));
  if (unknown.length > 0) {
    throw new AppError(
      "conflict",
      `The store was written by a newer version (it has ${unknown.join(", ")}). Install that version again; this one changes nothing.`,
    );
  }
  const done = new Set(applied);
  return known.filter((migration) => !done.has(migration.name));
}
