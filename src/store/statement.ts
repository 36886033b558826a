import {
  type Compilable,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";
import { type Dialect, type DialectName, POSTGRES, SQLITE } from "./dialect.ts";
import type { Tables } from "./tables.ts";

export type Db = Kysely<Tables>;
export type SqlValue = string | number | null;

/**
 * SQLite prepares a statement anew whenever a bare `?` that its planner looked at is bound, which costs up to ten times
 * what running it costs. A sign before it hides it from the planner; the value stays what it is.
 */
class StableQueryCompiler extends SqliteQueryCompiler {
  protected override getCurrentParameterPlaceholder(): string {
    return "+?";
  }
}

/** Query builders that build and compile but hold no connection; one a dialect. */
const BUILDERS: Record<DialectName, Db> = {
  sqlite: new Kysely<Tables>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new StableQueryCompiler(),
    },
  }),
  postgres: new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  }),
};
const DIALECTS: Record<DialectName, Dialect> = { sqlite: SQLITE, postgres: POSTGRES };

export function builderFor(dialect: DialectName): Db {
  return BUILDERS[dialect];
}

/** Stands in a built query for a value that is bound later, by name. */
class Slot {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

const SLOTS = new Proxy({}, { get: (_target, name) => new Slot(String(name)) });

export interface CompiledStatement {
  readonly sql: string;
  /** The values in the order of their placeholders. */
  bind(params: object): SqlValue[];
}

/** A query built and compiled once a dialect and bound by name ever after (about 4 µs instead of 15 an insert). */
export interface Statement<P, R = unknown> {
  compiled(dialect: DialectName): CompiledStatement;
  /** Never present; carries the types. */
  readonly types?: { readonly params: P; readonly row: R };
}

type RowOf<C> = C extends Compilable<infer R> ? R : never;

/**
 * Declares a statement. `p.x` is the parameter `x`; `dialect` answers what the two databases do differently.
 *
 *     const byId = statement((db, p: { id: string }) => db.selectFrom("tasks").selectAll().where("id", "=", p.id));
 */
export function statement<P extends object, C extends Compilable<unknown>>(
  build: (db: Db, p: P, dialect: Dialect) => C,
): Statement<P, RowOf<C>> {
  const cache: Partial<Record<DialectName, CompiledStatement>> = {};
  return {
    compiled(dialect) {
      cache[dialect] ??= compile(build(BUILDERS[dialect], SLOTS as P, DIALECTS[dialect]));
      return cache[dialect];
    },
  };
}

function compile(query: Compilable<unknown>): CompiledStatement {
  const { sql, parameters } = query.compile();
  return {
    sql,
    bind: (params) =>
      parameters.map((value) =>
        value instanceof Slot
          ? ((params as Record<string, SqlValue>)[value.name] ?? null)
          : (value as SqlValue),
      ),
  };
}
