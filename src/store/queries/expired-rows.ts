import { statement } from "../statement.ts";

interface Past {
  beforeMs: number;
  /** How many rows may be past their time. */
  count: number;
}

/** Finds a row in each table that holds more rows past their time than `count`. */
export const expiredBeyond = {
  dedupe: statement((db, p: Past) =>
    db
      .selectFrom("dedupe")
      .select("expires_at_ms as at_ms")
      .where("expires_at_ms", "<", p.beforeMs)
      .limit(1)
      .offset(p.count),
  ),
  counters: statement((db, p: Past) =>
    db
      .selectFrom("counters")
      .select("window_start_ms as at_ms")
      .where("window_start_ms", "<", p.beforeMs)
      .limit(1)
      .offset(p.count),
  ),
  login_codes: statement((db, p: Past) =>
    db
      .selectFrom("login_codes")
      .select("expires_at_ms as at_ms")
      .where("expires_at_ms", "<", p.beforeMs)
      .limit(1)
      .offset(p.count),
  ),
  pairings: statement((db, p: Past) =>
    db
      .selectFrom("pairings")
      .select("expires_at_ms as at_ms")
      .where("expires_at_ms", "<", p.beforeMs)
      .limit(1)
      .offset(p.count),
  ),
  spend: statement((db, p: Past) =>
    db
      .selectFrom("spend")
      .select("began_at_ms as at_ms")
      .where("began_at_ms", "<", p.beforeMs)
      .where("reserved_micro_usd", "=", 0)
      .limit(1)
      .offset(p.count),
  ),
  sessions: statement((db, p: Past) =>
    db
      .selectFrom("sessions")
      .select("expires_at_ms as at_ms")
      .where("expires_at_ms", "<", p.beforeMs)
      .limit(1)
      .offset(p.count),
  ),
};
