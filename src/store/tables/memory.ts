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

/** What is told of the part of a conversation that is told no more; a row a conversation. */
export interface SummariesTable {
  context_id: string;
  text: string;
  up_to_message_seq: number;
  up_to_reply_seq: number;
  /** JSON: whose words went into it, one line each. */
  tainted_by: string;
  written_at_ms: EpochMs;
  version: Version;
}
