import { getConversation, sendMessage } from "../api/api.ts";
import { createRereader } from "../live/create-rereader.ts";
import type { Draft } from "../live/draft.ts";
import { createCell, type Observable } from "../live/observable.ts";
import { pause } from "../live/pause.ts";
import { reconnectDelayMs } from "../live/reconnect-delay.ts";
import {
  type ConversationState,
  INITIAL_CONVERSATION,
  withDraft,
  withNewestPage,
  withOlderPage,
  withoutOlder,
} from "./conversation-state.ts";
import { createSender } from "./create-sender.ts";
import { newMessageId } from "./new-message-id.ts";
import type { Outbox, UnsentMessage } from "./outbox.ts";

export interface WrittenMessage extends Pick<UnsentMessage, "text" | "isPressed"> {
  /** When it must not be new: writing it again is then the same message. */
  readonly messageId?: string | undefined;
}

export interface Conversation {
  readonly state: Observable<ConversationState>;
  readonly unsent: Observable<readonly UnsentMessage[]>;
  reread(signal: AbortSignal): Promise<void>;
  loadOlder(signal: AbortSignal): Promise<void>;
  /** Bounds what is kept. Call it when the reader is at the end. */
  forgetOlder(): void;
  showDraft(draft: Draft): void;
  /** Keeps the message in this browser until the runtime has taken it. Call `flush` to send it. */
  write(message: WrittenMessage): void;
  /** Takes back a message that was refused. */
  discard(messageId: string): void;
  /** Sends what is unsent. */
  flush(signal: AbortSignal): Promise<void>;
  /** Shows what other tabs of this browser have written or sent. */
  reloadUnsent(): void;
}

/** The one conversation of this page: what the runtime knows of it and what it has not taken yet. */
export function createConversation(outbox: Outbox): Conversation {
  const state = createCell(INITIAL_CONVERSATION);
  const unsent = createCell<readonly UnsentMessage[]>(outbox.list());
  const reread = createRereader(async (signal) => {
    do {
      const draftsBefore = state.get().drafts;
      const page = await getConversation(undefined, signal);
      state.update((current) => withNewestPage(current, page, draftsBefore));
      // A draft came meanwhile, and by what was just read nothing runs: one of the two is old.
    } while (!state.get().isRunning && state.get().drafts.length > 0);
  });
  const sender = createSender({
    outbox,
    unsent,
    send: sendMessage,
    onTaken: reread,
    waitAfter: (failures, signal) => pause(reconnectDelayMs(failures, Math.random()), signal),
  });
  let loadingOlder: Promise<void> | undefined;

  async function loadOlder(signal: AbortSignal): Promise<void> {
    const cursor = state.get().history.olderCursor;
    if (cursor === undefined) return;
    const page = await getConversation(cursor, signal);
    // Meanwhile the history may have begun anew behind a gap; then this page is not the one before it.
    state.update((current) =>
      current.history.olderCursor === cursor ? withOlderPage(current, page) : current,
    );
  }

  return {
    state,
    unsent,
    reread,
    loadOlder(signal) {
      loadingOlder ??= loadOlder(signal).finally(() => {
        loadingOlder = undefined;
      });
      return loadingOlder;
    },
    forgetOlder: () => state.update(withoutOlder),
    showDraft: (draft) => state.update((current) => withDraft(current, draft)),
    write(message) {
      const writtenAtMs = Math.max(Date.now(), (outbox.list().at(-1)?.writtenAtMs ?? 0) + 1);
      outbox.put({ ...message, messageId: message.messageId ?? newMessageId(), writtenAtMs });
      sender.reload();
    },
    discard(messageId) {
      outbox.remove(messageId);
      sender.reload();
    },
    flush: sender.flush,
    reloadUnsent: sender.reload,
  };
}
