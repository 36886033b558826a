import { Button } from "@mantine/core";
import classes from "./items.module.css";
import type { UnsentMessage } from "./outbox.ts";

interface UnsentItemProps {
  readonly message: UnsentMessage;
  readonly onDiscard: (messageId: string) => void;
}

/** A message the runtime has not taken yet: waiting for the connection, or refused. */
export function UnsentItem({ message, onDiscard }: UnsentItemProps) {
  return (
    <article className={classes["message"]} aria-label="You, not sent yet" data-unsent>
      <div className={classes["bubble"]}>{message.text}</div>
      <p className={classes["meta"]}>
        {message.refusal === undefined ? (
          "Sending…"
        ) : (
          <>
            <span data-tone="bad" role="alert">
              Not sent: {message.refusal}
            </span>
            <Button
              variant="default"
              size="compact-xs"
              onClick={() => onDiscard(message.messageId)}
            >
              Remove
            </Button>
          </>
        )}
      </p>
    </article>
  );
}
