import { memo } from "react";
import type { ConversationItem } from "../../../src/client/shapes/conversation.ts";
import { CommandButton } from "../markdown/command-button.tsx";
import { MarkdownText } from "../markdown/markdown-text.tsx";
import { ItemTime } from "../time/item-time.tsx";
import classes from "./items.module.css";

export const ReplyItem = memo(function ReplyItem({ item }: { readonly item: ConversationItem }) {
  return (
    <article className={classes["reply"]} aria-label="Answer">
      <MarkdownText text={item.text} />
      {item.buttons.length > 0 && (
        <div className={classes["buttons"]}>
          {item.buttons.map((button) => (
            <CommandButton key={button.press_id} command={button.command} pressId={button.press_id}>
              {button.label}
            </CommandButton>
          ))}
        </div>
      )}
      <p className={classes["meta"]}>
        <ItemTime iso={item.created_at} />
      </p>
    </article>
  );
});
