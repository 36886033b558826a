import type { ConnectorName } from "../../core/message/inbound-message.ts";
import { statement } from "../statement.ts";

const MOST_EDITS = 200;

interface Edited {
  connector: ConnectorName;
  account: string;
  externalMessageId: string;
}

/** What somebody changed of a message, newest first, by whoever did. */
export const editsOfMessage = statement((db, p: Edited) =>
  db
    .selectFrom("messages")
    .selectAll()
    .where("connector", "=", p.connector)
    .where("account", "=", p.account)
    .where("edit_of", "=", p.externalMessageId)
    .orderBy("sent_at_ms", "desc")
    .orderBy("seq", "desc")
    .limit(MOST_EDITS),
);
