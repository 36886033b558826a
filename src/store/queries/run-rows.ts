import { type Selectable, type SqlBool, sql } from "kysely";
import { statement } from "../statement.ts";
import type { RunsTable } from "../tables/runs.ts";

export type RunRow = Selectable<RunsTable>;

const MOST_OPEN = 200;
// Written out, so that SQLite sees that its partial index of open runs applies.
const isOpen = sql<SqlBool>`state in ('queued', 'running', 'parked')`;

export const runRowById = statement((db, p: { id: string }) =>
  db.selectFrom("runs").selectAll().where("id", "=", p.id),
);

/** The unfinished turns of a conversation, in order. */
export const openTurnsOfContext = statement((db, p: { contextId: string }) =>
  db
    .selectFrom("runs")
    .selectAll()
    // Not the plain column: its index would walk the whole history of the conversation for the few that are open.
    .where(sql`coalesce(context_id, '')`, "=", p.contextId)
    .where("kind", "=", "turn")
    .where(isOpen)
    .orderBy("seq")
    .limit(MOST_OPEN),
);

/** Every unfinished turn, in order. */
export const openTurns = statement((db) =>
  db
    .selectFrom("runs")
    .selectAll()
    .where("kind", "=", "turn")
    .where(isOpen)
    .orderBy("seq")
    .limit(MOST_OPEN),
);

export const startedStepsOfRun = statement((db, p: { runId: string }) =>
  db
    .selectFrom("run_steps")
    .select("id")
    .where("run_id", "=", p.runId)
    .where("state", "=", "started"),
);

export const reservationsOfRun = statement((db, p: { runId: string }) =>
  db.selectFrom("usage").select("id").where("run_id", "=", p.runId).where("state", "=", "reserved"),
);
