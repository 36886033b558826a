import type pg from "pg";
import type { Statement } from "../statement.ts";

/** One connection, for the length of a transaction. */
export interface Transaction {
  /** Rows changed. */
  run<P>(statement: Statement<P>, params: P): Promise<number>;
  all<P, R>(statement: Statement<P, R>, params: P): Promise<R[]>;
  exec(sql: string): Promise<void>;
}

export function asTransaction(client: pg.PoolClient): Transaction {
  return {
    async run(statement, params) {
      const { sql, bind } = statement.compiled("postgres");
      return (await client.query(sql, bind(params as object))).rowCount ?? 0;
    },
    async all<P, R>(statement: Statement<P, R>, params: P) {
      const { sql, bind } = statement.compiled("postgres");
      return (await client.query(sql, bind(params as object))).rows as R[];
    },
    async exec(sql) {
      await client.query(sql);
    },
  };
}
