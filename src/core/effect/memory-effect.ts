/** What may change about what is kept of a conversation beside its messages. */
export type MemoryEffect =
  /** Ignored when the message has stated it already. */
  | {
      readonly type: "pin-rule";
      readonly contextId: string;
      /** Counts up within the conversation; people name it by that. */
      readonly number: number;
      readonly messageId: string;
      readonly text: string;
    }
  | { readonly type: "drop-rule"; readonly contextId: string; readonly number: number }
  /** All that was said up to this message, and what answers that, is told no more. Conflict when that was so already. */
  | {
      readonly type: "begin-conversation";
      readonly contextId: string;
      readonly messageSeq: number;
    }
  /** Conflict when another summary was written since. */
  | {
      readonly type: "write-summary";
      readonly contextId: string;
      /** Where the conversation that it is about began: after this message. 0: with the first. */
      readonly startSeq: number;
      /** 0: there is none yet. */
      readonly fromVersion: number;
      readonly text: string;
      /** All messages and replies up to these are in it. */
      readonly upToMessageSeq: number;
      readonly upToReplySeq: number;
      /** Whose words went into it, one line each. */
      readonly taintedBy: readonly string[];
    };
