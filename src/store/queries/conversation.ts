import { statement } from "../statement.ts";

interface Before {
  contextId: string;
  beforeSeq: number;
  limit: number;
}

/** What was said to us in a conversation, with the state of the run it became; newest first, before `beforeSeq`. */
export const messagesWithRuns = statement((db, p: Before) =>
  db
    .selectFrom("messages")
    .leftJoin("runs", "runs.id", "messages.run_id")
    .select([
      "messages.seq",
      "messages.id",
      "messages.external_message_id",
      "messages.text",
      "messages.outcome",
      "messages.reason",
      "messages.received_at_ms",
      "runs.state as run_state",
    ])
    .where("messages.context_id", "=", p.contextId)
    .where("messages.seq", "<", p.beforeSeq)
    .orderBy("messages.seq", "desc")
    .limit(p.limit),
);

/** What we said in a conversation, with the state of the run that said it; newest first, before `beforeSeq`. */
export const repliesWithRuns = statement((db, p: Before) =>
  db
    .selectFrom("deliveries")
    .leftJoin("runs", "runs.id", "deliveries.run_id")
    .select([
      "deliveries.seq",
      "deliveries.id",
      "deliveries.message_id",
      "deliveries.body",
      "deliveries.created_at_ms",
      "runs.state as run_state",
    ])
    .where("deliveries.context_id", "=", p.contextId)
    .where("deliveries.kind", "=", "send")
    .where("deliveries.seq", "<", p.beforeSeq)
    .orderBy("deliveries.seq", "desc")
    .limit(p.limit),
);
