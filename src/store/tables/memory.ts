import type { EpochMs } from "../../core/clock.ts";
import type { Version } from "./column.ts";

/** What people of a conversation have stated for all that follows. */
export interface RulesTable {
  context_id: string;
  number: number;
  message_id: string;
  text: string;
  created_at_ms: EpochMs;
  /** It was dropped, and holds no more. */
  dropped_at_ms: EpochMs | null;
}

/** Where people let a conversation begin anew: what is up to here is told no more. A row each time. */
export interface ConversationStartsTable {
  context_id: string;
  /** The message that asked for it. */
  message_seq: number;
  /** The last that we had said by then. */
  reply_seq: number;
  created_at_ms: EpochMs;
}

/** What is told of the part of a conversation that is told no more; a row for each time that it began. */
export interface SummariesTable {
  context_id: string;
  /** The `message_seq` of its start; 0: the conversation began with its first message. */
  start_seq: number;
  text: string;
  up_to_message_seq: number;
  up_to_reply_seq: number;
  /** JSON: whose words went into it, one line each. */
  tainted_by: string;
  written_at_ms: EpochMs;
  version: Version;
}
