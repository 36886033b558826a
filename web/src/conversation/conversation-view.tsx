import { VisuallyHidden } from "@mantine/core";
import { useObserved } from "../live/observable.ts";
import { Composer } from "./composer.tsx";
import classes from "./conversation-view.module.css";
import type { Conversation } from "./create-conversation.ts";
import { MessageLog } from "./message-log.tsx";

interface ConversationViewProps {
  readonly conversation: Conversation;
  readonly onSay: (text: string) => void;
  readonly storage: Storage;
  readonly userId: string;
}

export function ConversationView({ conversation, onSay, storage, userId }: ConversationViewProps) {
  const { announcement, isLoaded } = useObserved(conversation.state);
  return (
    <main className={classes["view"]} aria-busy={!isLoaded}>
      <MessageLog conversation={conversation} />
      <Composer onSay={onSay} storage={storage} userId={userId} />
      <VisuallyHidden aria-live="polite">{announcement}</VisuallyHidden>
    </main>
  );
}
