import { type RawBuilder, sql } from "kysely";
import { statement } from "../../store/statement.ts";

interface LeaseParams {
  name: string;
  owner: string;
  token: string;
  untilMs: number;
}

/** One process owns a SQLite file, so a lease of another owner is that of a dead process. */
export const takeSqliteLease = statement((db, p: LeaseParams) =>
  db
    .insertInto("leases")
    .values({ name: p.name, owner: p.owner, token: p.token, until_ms: p.untilMs })
    .onConflict((oc) =>
      oc
        .column("name")
        .doUpdateSet({ owner: p.owner, token: p.token, until_ms: p.untilMs })
        .where((eb) =>
          eb.or([eb("leases.owner", "!=", p.owner), eb("leases.token", "=", p.token)]),
        ),
    ),
);

/** The database's clock: the one clock all nodes share. Leases and claims are measured by it alone. */
export const databaseNow = (): RawBuilder<number> =>
  sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`;

const until = (p: { durationMs: number }): RawBuilder<number> =>
  sql<number>`${databaseNow()} + ${p.durationMs}`;

export const takePostgresLease = statement(
  (db, p: Omit<LeaseParams, "untilMs"> & { durationMs: number }) =>
    db
      .insertInto("leases")
      .values({ name: p.name, owner: p.owner, token: p.token, until_ms: until(p) })
      .onConflict((oc) =>
        oc
          .column("name")
          .doUpdateSet({ owner: p.owner, token: p.token, until_ms: until(p) })
          .where((eb) =>
            eb.or([eb("leases.until_ms", "<", databaseNow()), eb("leases.token", "=", p.token)]),
          ),
      ),
);

/** A lease that ends later than one taken now was taken before the database's clock was set back: it ends like that one. */
export const shortenPostgresLease = statement((db, p: { name: string; durationMs: number }) =>
  db
    .updateTable("leases")
    .set({ until_ms: until(p) })
    .where("name", "=", p.name)
    .where("until_ms", ">", until(p)),
);

export const dropLease = statement((db, p: { name: string; token: string }) =>
  db.deleteFrom("leases").where("name", "=", p.name).where("token", "=", p.token),
);
