import { type SqlBool, sql } from "kysely";

/** Clocks of several machines differ a little, and one clock is set right by little; neither may end a wait early. */
const CLOCK_TOLERANCE_MS = 60_000;

/**
 * A job waits only while the wall clock stands between the start and the end of its wait. A clock that was set back by
 * more than the tolerance stands before the start: then the job is due, instead of waiting for as long as the clock jumped.
 */
export const isDue = (now: number) =>
  sql<SqlBool>`(run_at_ms <= ${now} or delayed_from_ms - ${sql.lit(CLOCK_TOLERANCE_MS)} > ${now})`;
