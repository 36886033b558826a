/** A message the server has not confirmed yet. */
export interface UnsentMessage {
  /** Made once; every attempt to send carries it, so that the runtime takes the message once. */
  readonly messageId: string;
  readonly text: string;
  /** It is the command of a button, not typed. */
  readonly isPressed?: boolean;
  readonly writtenAtMs: number;
  /** Why the runtime will not take it. Only the person can decide what happens to it. */
  readonly refusal?: string;
}

export interface Outbox {
  /** In the order they were written. */
  list(): readonly UnsentMessage[];
  put(message: UnsentMessage): void;
  remove(messageId: string): void;
}

/**
 * Keeps unsent messages in the browser, one entry a message, so that tabs which write at the same time do not
 * overwrite each other. They belong to one user: another login in the same browser never sends them.
 */
export function createOutbox(storage: Storage, userId: string): Outbox {
  const prefix = `agent-runtime.unsent.${userId}.`;

  function keys(): string[] {
    return Array.from({ length: storage.length }, (_, index) => storage.key(index)).filter(
      (key): key is string => key?.startsWith(prefix) ?? false,
    );
  }

  return {
    list() {
      const found = keys().flatMap((key) => parse(storage.getItem(key)) ?? []);
      return found.sort(
        (a, b) => a.writtenAtMs - b.writtenAtMs || a.messageId.localeCompare(b.messageId),
      );
    },
    put(message) {
      storage.setItem(prefix + message.messageId, JSON.stringify(message));
    },
    remove(messageId) {
      storage.removeItem(prefix + messageId);
    },
  };
}

function parse(text: string | null): UnsentMessage | undefined {
  if (text === null) return undefined;
  try {
    const value = JSON.parse(text) as Partial<UnsentMessage> | null;
    const isMessage =
      typeof value?.messageId === "string" &&
      typeof value.text === "string" &&
      typeof value.writtenAtMs === "number";
    return isMessage ? (value as UnsentMessage) : undefined;
  } catch {
    return undefined;
  }
}
