import { type ExpressionBuilder, sql } from "kysely";
import { type Db, statement } from "../statement.ts";
import type { Tables } from "../tables.ts";

/** Far above what is told at once; what is older is summarised long before. */
const MOST_MESSAGES = 200;

interface Since {
  contextId: string;
  /** What is up to here is told no more: it is in the summary, or was said before the conversation began. 0: nothing is. */
  afterSeq: number;
}

type RepliesSince = Since & {
  /** Nor is what answers a message up to here, whenever it is said. */
  startSeq: number;
};

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

/** Of a delivery that was written anew: what it became last. */
function newestEdit<C extends "id" | "body">(
  eb: ExpressionBuilder<Tables, "deliveries">,
  column: C,
) {
  return eb
    .selectFrom("deliveries as edit")
    .select(`edit.${column}`)
    .whereRef("edit.revises", "=", "deliveries.id")
    .where("edit.revises", "is not", null)
    .orderBy("edit.revision", "desc")
    .limit(1);
}

/** What we said in a conversation, as it reads now, with the state of the run that said it; newest first, before `beforeSeq`. */
export const repliesWithRuns = statement((db, p: Before) =>
  db
    .selectFrom("deliveries")
    .leftJoin("runs", "runs.id", "deliveries.run_id")
    .select((eb) => [
      "deliveries.seq",
      "deliveries.id",
      "deliveries.message_id",
      eb.fn.coalesce(newestEdit(eb, "body"), "deliveries.body").as("body"),
      eb.fn.coalesce(newestEdit(eb, "id"), "deliveries.id").as("said_by"),
      "deliveries.created_at_ms",
      "runs.state as run_state",
    ])
    .where("deliveries.context_id", "=", p.contextId)
    .where("deliveries.kind", "=", "send")
    .where("deliveries.seq", "<", p.beforeSeq)
    .orderBy("deliveries.seq", "desc")
    .limit(p.limit),
);

/** Messages of a conversation up to `upToSeq`, the newest or the oldest ones; commands are no conversation, and what strangers say is for no model to read here. */
function selectMessages(db: Db, p: Since & { upToSeq: number }, order: "asc" | "desc") {
  return (
    db
      .selectFrom("messages")
      .select([
        "id",
        "seq",
        "kind",
        "connector",
        "sender_external_id",
        "sender_name",
        "text",
        "payload",
        "reply_to_external_id",
        "received_at_ms",
      ])
      .where("context_id", "=", p.contextId)
      .where("seq", ">", p.afterSeq)
      .where("seq", "<=", p.upToSeq)
      .where("kind", "in", ["message", "edit"])
      // Written out, so that SQLite sees that its partial index applies: a busy group is nearly all dropped.
      .where("outcome", "<>", sql.lit("dropped"))
      .where("trust", "=", "paired")
      .where((eb) =>
        eb.or([
          eb("rule", "is", null),
          eb.and([eb("rule", "not like", "command:%"), eb("rule", "not like", "request:%")]),
          eb("outcome", "=", "task"),
        ]),
      )
      .where((eb) =>
        eb.not(
          eb.exists(
            eb
              .selectFrom("tasks")
              .select("tasks.id")
              .whereRef("tasks.id", "=", "messages.task_id")
              .where("tasks.taint", "=", 1),
          ),
        ),
      )
      .orderBy("seq", order)
      .limit(MOST_MESSAGES)
  );
}
export const conversationMessages = statement((db, p: Since & { upToSeq: number }) =>
  selectMessages(db, p, "desc"),
);
export const oldestMessages = statement((db, p: Since & { upToSeq: number }) =>
  selectMessages(db, p, "asc"),
);

/** When people let it begin anew last; null: never. */
function startedAtMs(
  eb: ExpressionBuilder<Tables, "tasks">,
  { contextId, startSeq }: Pick<RepliesSince, "contextId" | "startSeq">,
) {
  return eb
    .selectFrom("conversation_starts")
    .select("conversation_starts.created_at_ms")
    .where("context_id", "=", contextId)
    .where("message_seq", "=", startSeq);
}

/**
 * What we said there, the newest or the oldest of it: what its runs said, and what became of tasks that were asked for
 * there. Not what commands print, nor the cards of what waits for a decision, nor what was made of a stranger's words, nor
 * notices that nobody there asked for: those bear names, titles and words of people who are no part of the conversation.
 * What still waits to be sent counts as said: it will arrive before the answer that is being written.
 */
function selectReplies(db: Db, p: RepliesSince, order: "asc" | "desc") {
  return (
    db
      .selectFrom("deliveries")
      .leftJoin("runs", "runs.id", "deliveries.run_id")
      // What no message waits for may follow from one all the same, as the result of a task that a model made.
      .leftJoin("messages", (join) =>
        join.on("messages.id", "=", (eb) =>
          eb.fn.coalesce("deliveries.message_id", "deliveries.cause"),
        ),
      )
      .select([
        "deliveries.id",
        "deliveries.seq",
        "deliveries.body",
        "deliveries.message_id",
        "deliveries.task_id",
        "deliveries.created_at_ms",
        "messages.seq as message_seq",
        "runs.taint as run_taint",
        "runs.tainted_by as run_tainted_by",
      ])
      .where("deliveries.context_id", "=", p.contextId)
      .where("deliveries.seq", ">", p.afterSeq)
      .where((eb) => eb.or([eb("messages.seq", "is", null), eb("messages.seq", ">", p.startSeq)]))
      .where("deliveries.kind", "=", "send")
      .where("deliveries.card", "is", null)
      .where("deliveries.state", "in", ["pending", "sending", "sent", "kept", "unknown"])
      .where((eb) =>
        eb.not(
          eb.exists(
            eb
              .selectFrom("tasks")
              .select("tasks.id")
              .whereRef("tasks.id", "=", "deliveries.task_id")
              .where((of) =>
                of.or([
                  of("tasks.taint", "=", 1),
                  of("tasks.created_at_ms", "<=", startedAtMs(of, p)),
                ]),
              ),
          ),
        ),
      )
      .where((eb) =>
        eb.or([
          eb("deliveries.run_id", "is not", null),
          eb.and([
            eb("deliveries.task_id", "is not", null),
            eb("deliveries.message_id", "is not", null),
          ]),
        ]),
      )
      .orderBy("deliveries.seq", order)
      .limit(MOST_MESSAGES)
  );
}
export const conversationReplies = statement((db, p: RepliesSince) => selectReplies(db, p, "desc"));
export const oldestReplies = statement((db, p: RepliesSince) => selectReplies(db, p, "asc"));

/** Where the conversation began that a message is part of; none: with the first message. */
export const conversationStart = statement((db, p: { contextId: string; beforeSeq: number }) =>
  db
    .selectFrom("conversation_starts")
    .select(["message_seq", "reply_seq"])
    .where("context_id", "=", p.contextId)
    .where("message_seq", "<", p.beforeSeq)
    .orderBy("message_seq", "desc")
    .limit(1),
);
