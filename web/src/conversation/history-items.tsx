import { Fragment, memo } from "react";
import type { ConversationItem } from "../../../src/client/shapes/conversation.ts";
import { dayWords } from "../time/time-words.ts";
import classes from "./items.module.css";
import { MessageItem } from "./message-item.tsx";
import { ReplyItem } from "./reply-item.tsx";

/** The items with a line where a day begins. */
export const HistoryItems = memo(function HistoryItems({
  items,
}: {
  readonly items: readonly ConversationItem[];
}) {
  const nowMs = Date.now();
  const days = items.map((item) => dayWords(item.created_at, nowMs));
  return items.map((item, index) => (
    <Fragment key={item.id}>
      {days[index] !== days[index - 1] && <div className={classes["day"]}>{days[index]}</div>}
      {item.kind === "message" ? <MessageItem item={item} /> : <ReplyItem item={item} />}
    </Fragment>
  ));
});
