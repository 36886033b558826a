import type { Selectable } from "kysely";
import { statement } from "../statement.ts";
import type { SummariesTable } from "../tables/memory.ts";

export type SummaryRow = Selectable<SummariesTable>;

/** The rules that hold in a conversation, oldest first. */
export const rulesOfContext = statement((db, p: { contextId: string }) =>
  db
    .selectFrom("rules")
    .select(["number", "message_id", "text"])
    .where("context_id", "=", p.contextId)
    .where("dropped_at_ms", "is", null)
    .orderBy("number"),
);

/** Of rules that were dropped, too: no number is given twice. */
export const lastRuleNumber = statement((db, p: { contextId: string }) =>
  db
    .selectFrom("rules")
    .select("number")
    .where("context_id", "=", p.contextId)
    .orderBy("number", "desc")
    .limit(1),
);

/** Of the conversation that began after the message `startSeq`. */
export const summaryOfContext = statement((db, p: { contextId: string; startSeq: number }) =>
  db
    .selectFrom("summaries")
    .selectAll()
    .where("context_id", "=", p.contextId)
    .where("start_seq", "=", p.startSeq),
);

/** What a call brought, in whichever run of the conversation. */
export const resultOfStep = statement((db, p: { id: string; contextId: string }) =>
  db
    .selectFrom("run_steps")
    .innerJoin("runs", "runs.id", "run_steps.run_id")
    .select(["run_steps.result", "run_steps.tainted_by"])
    .where("run_steps.id", "=", p.id)
    .where("run_steps.kind", "=", "tool")
    .where("runs.context_id", "=", p.contextId),
);
