/** The only file that knows in what the two databases differ, as named questions. */
export type DialectName = "sqlite" | "postgres";

export interface Dialect {
  readonly name: DialectName;
  /** Column type of an integer key that grows with every insert. */
  readonly growingKey: "integer primary key" | "bigserial primary key";
  /** The number the next row of `jobs` would get. */
  readonly nextJobSeq: string;
  /** After the definition of a table that is only its primary key: rows kept in the order of that key. */
  readonly keyedTable: "" | " without rowid";
  /** After the type of a text column: it is compared byte by byte. */
  readonly bytewise: "" | ' collate "C"';
  /** Two writers can run at once: rows must be locked while they are looked at. */
  readonly hasConcurrentWriters: boolean;
  /** Rows of the record get their place in the chain and their hash after their commit, by a sealer. */
  readonly isSealedLater: boolean;
}

export const SQLITE: Dialect = {
  name: "sqlite",
  growingKey: "integer primary key",
  nextJobSeq: "(select max(seq) + 1 from jobs)",
  keyedTable: " without rowid",
  bytewise: "",
  hasConcurrentWriters: false,
  isSealedLater: false,
};
export const POSTGRES: Dialect = {
  name: "postgres",
  growingKey: "bigserial primary key",
  nextJobSeq: "nextval(pg_get_serial_sequence('jobs', 'seq'))",
  keyedTable: "",
  bytewise: ' collate "C"',
  hasConcurrentWriters: true,
  isSealedLater: true,
};
