import { type Selectable, sql } from "kysely";
import { statement } from "../statement.ts";
import type { MessagesTable } from "../tables/messages.ts";

export type MessageRow = Selectable<MessagesTable>;

export const messageById = statement((db, p: { id: string }) =>
  db.selectFrom("messages").selectAll().where("id", "=", p.id),
);

/** Which message an external id was accepted as; remembered longer than the message itself. */
export const rememberedMessage = statement(
  (db, p: { connector: string; account: string; externalMessageId: string }) =>
    db
      .selectFrom("dedupe")
      .leftJoin("messages", "messages.id", "dedupe.message_id")
      .select(["dedupe.message_id", "messages.context_id"])
      .where("dedupe.connector", "=", p.connector)
      .where("dedupe.account", "=", p.account)
      .where("dedupe.external_message_id", "=", p.externalMessageId),
);

/** What an external id was accepted as, while that is remembered. */
export const messageByExternalId = statement(
  (db, p: { connector: string; account: string; externalMessageId: string }) =>
    db
      .selectFrom("dedupe")
      .innerJoin("messages", "messages.id", "dedupe.message_id")
      .selectAll("messages")
      .where("dedupe.connector", "=", p.connector)
      .where("dedupe.account", "=", p.account)
      .where("dedupe.external_message_id", "=", p.externalMessageId),
);

/** The message of a conversation that has this id on its platform, while that is remembered. */
export const messageInContext = statement(
  (db, p: { contextId: string; connector: string; account: string; externalMessageId: string }) =>
    db
      .selectFrom("dedupe")
      .innerJoin("messages", "messages.id", "dedupe.message_id")
      .select("messages.id")
      .where("dedupe.connector", "=", p.connector)
      .where("dedupe.account", "=", p.account)
      .where("dedupe.external_message_id", "=", p.externalMessageId)
      .where("messages.context_id", "=", p.contextId),
);

/** The message accepted in a conversation just before `seq`. */
export const messageBefore = statement((db, p: { contextId: string; seq: number }) =>
  db
    .selectFrom("messages")
    .selectAll()
    .where("context_id", "=", p.contextId)
    .where("seq", "<", p.seq)
    .orderBy("seq", "desc")
    .limit(1),
);

/** What a turn is still to settle, in order. */
export const pendingMessagesOfRun = statement((db, p: { runId: string }) =>
  db
    .selectFrom("messages")
    .select(["id", "seq", "version", "payload", "trust", "sender_name"])
    // Written out, so that SQLite sees that its partial index of pending messages applies.
    .where("outcome", "=", sql.lit("pending"))
    .where("run_id", "=", p.runId)
    .orderBy("seq"),
);

/** Which parts of an album: those of one sender. */
interface PartsOf {
  readonly contextId: string;
  readonly albumId: string;
  readonly senderExternalId: string;
  readonly limit: number;
}

/** The parts of an album that were decided and not dropped, newest first. */
export const decidedParts = statement((db, p: PartsOf) =>
  db
    .selectFrom("messages")
    .select(["id", "identity_id", "addressed", "text", "payload", "run_id", "task_id"])
    .where("context_id", "=", p.contextId)
    .where("album_id", "=", p.albumId)
    .where("sender_external_id", "=", p.senderExternalId)
    .where("rule", "is not", null)
    .where("outcome", "<>", sql.lit("dropped"))
    .orderBy("seq", "desc")
    .limit(p.limit),
);

/** The parts of an album that were accepted after `seq` and that nobody has looked at, in order. */
export const waitingPartsAfter = statement((db, p: PartsOf & { seq: number }) =>
  db
    .selectFrom("messages")
    .select(["addressed", "text", "payload"])
    .where("context_id", "=", p.contextId)
    .where("album_id", "=", p.albumId)
    .where("sender_external_id", "=", p.senderExternalId)
    .where("seq", ">", p.seq)
    .where("rule", "is", null)
    .where("outcome", "=", sql.lit("pending"))
    .orderBy("seq")
    .limit(p.limit),
);

/** What a task was made of: one message, or the parts of an album. */
export const messagesOfTask = statement((db, p: { taskId: string }) =>
  db
    .selectFrom("messages")
    .select(["id", "payload", "trust", "sender_name"])
    .select(["connector", "sender_external_id", "reply_to_external_id", "received_at_ms"])
    .where("task_id", "=", p.taskId)
    .orderBy("seq"),
);
