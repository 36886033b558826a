/** The only file that knows in what the two databases differ, as named questions. */
export type DialectName = "sqlite" | "postgres";

export interface Dialect {
  readonly name: DialectName;
  /** Column type of an integer key that grows with every insert. */
  readonly growingKey: "integer primary key" | "bigserial primary key";
  /** After the definition of a table that is only its primary key: rows kept in the order of that key. */
  readonly keyedTable: "" | " without rowid";
  /** Two writers can run at once: rows must be locked while they are looked at. */
  readonly hasConcurrentWriters: boolean;
}

export const SQLITE: Dialect = {
  name: "sqlite",
  growingKey: "integer primary key",
  keyedTable: " without rowid",
  hasConcurrentWriters: false,
};
export const POSTGRES: Dialect = {
  name: "postgres",
  growingKey: "bigserial primary key",
  keyedTable: "",
  hasConcurrentWriters: true,
};
