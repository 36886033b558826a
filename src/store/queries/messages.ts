import type { Selectable } from "kysely";
import { statement } from "../statement.ts";
import type { MessagesTable } from "../tables.ts";

export type MessageRow = Selectable<MessagesTable>;

export const messageById = statement((db, p: { id: string }) =>
  db.selectFrom("messages").selectAll().where("id", "=", p.id),
);

/** Which message an external id was accepted as; remembered longer than the message itself. */
export const rememberedMessage = statement(
  (db, p: { connector: string; account: string; externalMessageId: string }) =>
    db
      .selectFrom("dedupe")
      .select("message_id")
      .where("connector", "=", p.connector)
      .where("account", "=", p.account)
      .where("external_message_id", "=", p.externalMessageId),
);

/** Also finds a message of another conversation of the same account. */
export const messageByExternalId = statement(
  (db, p: { connector: MessageRow["connector"]; account: string; externalMessageId: string }) =>
    db
      .selectFrom("messages")
      .selectAll()
      .where("connector", "=", p.connector)
      .where("account", "=", p.account)
      .where("external_message_id", "=", p.externalMessageId),
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
