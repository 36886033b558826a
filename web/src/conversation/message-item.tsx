import { memo } from "react";
import type { ConversationItem } from "../../../src/client/shapes/conversation.ts";
import { ItemTime } from "../time/item-time.tsx";
import classes from "./items.module.css";
import { describeOutcome } from "./outcome-words.ts";

/** What the person wrote, exactly, and how it ended where that is worth a word. */
export const MessageItem = memo(function MessageItem({
  item,
}: {
  readonly item: ConversationItem;
}) {
  const note = describeOutcome(item);
  return (
    <article className={classes["message"]} aria-label="You">
      <div className={classes["bubble"]}>{item.text}</div>
      <p className={classes["meta"]}>
        {note !== undefined && <span data-tone={note.tone}>{note.text}</span>}
        <ItemTime iso={item.created_at} />
      </p>
    </article>
  );
});
