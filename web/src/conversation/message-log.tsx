import { ActionIcon } from "@mantine/core";
import { useEffect, useMemo, useRef } from "react";
import { Icon } from "../icons/icon.tsx";
import { useObserved } from "../live/observable.ts";
import { SaidContext } from "../markdown/say-context.ts";
import type { Conversation } from "./create-conversation.ts";
import { EmptyLog } from "./empty-log.tsx";
import { HistoryItems } from "./history-items.tsx";
import classes from "./message-log.module.css";
import { OlderSentinel } from "./older-sentinel.tsx";
import { UnsentItem } from "./unsent-item.tsx";
import { useStickToEnd } from "./use-stick-to-end.ts";
import { WorkInProgress } from "./work-in-progress.tsx";

/** What was said, oldest first. Stays at the end unless the reader has gone up. */
export function MessageLog({ conversation }: { readonly conversation: Conversation }) {
  const { history, isLoaded, isRunning, drafts } = useObserved(conversation.state);
  const unsent = useObserved(conversation.unsent);
  const scrollRef = useRef<HTMLDivElement>(null);
  const contentRef = useRef<HTMLDivElement>(null);
  const { isAtEnd, goToEnd } = useStickToEnd(scrollRef, contentRef, history.items[0]?.id);
  const said = useMemo(
    () =>
      new Set([
        ...history.items.map((item) => item.message_id),
        ...unsent.map((message) => message.messageId),
      ]),
    [history.items, unsent],
  );
  const lastUnsentId = unsent.at(-1)?.messageId;

  useEffect(() => {
    if (lastUnsentId !== undefined) goToEnd();
  }, [lastUnsentId, goToEnd]);
  useEffect(() => {
    if (isAtEnd) conversation.forgetOlder();
  }, [isAtEnd, conversation]);

  const isEmpty = isLoaded && history.items.length === 0 && unsent.length === 0;
  return (
    <div className={classes["frame"]}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section ref={scrollRef} className={classes["scroll"]} aria-label="Conversation" tabIndex={0}>
        <div ref={contentRef} className={classes["content"]}>
          {history.olderCursor !== undefined && (
            <OlderSentinel
              cursor={history.olderCursor}
              scrollRef={scrollRef}
              onReach={conversation.loadOlder}
            />
          )}
          {isEmpty && <EmptyLog />}
          <SaidContext value={said}>
            <HistoryItems items={history.items} />
          </SaidContext>
          {unsent.map((message) => (
            <UnsentItem
              key={message.messageId}
              message={message}
              onDiscard={conversation.discard}
            />
          ))}
          <WorkInProgress isRunning={isRunning} drafts={drafts} />
        </div>
      </section>
      {!isAtEnd && (
        <ActionIcon
          className={classes["to-end"]}
          variant="default"
          size="lg"
          radius="xl"
          aria-label="Go to the newest message"
          onClick={goToEnd}
        >
          <Icon name="down" size={18} />
        </ActionIcon>
      )}
    </div>
  );
}
