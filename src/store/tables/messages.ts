import type { Generated } from "kysely";
import type { EpochMs } from "../../core/clock.ts";
import type {
  ConnectorName,
  MessageKind,
  OutcomeKind,
  Trust,
} from "../../core/message/inbound-message.ts";
import type { Flag, Version } from "./column.ts";

export interface MessagesTable {
  /** Order of acceptance, across the store. */
  seq: Generated<number>;
  id: string;
  context_id: string;
  connector: ConnectorName;
  account: string;
  external_message_id: string;
  kind: MessageKind;
  sender_external_id: string | null;
  sender_name: string | null;
  identity_id: string | null;
  text: string;
  addressed: Flag;
  reply_to_external_id: string | null;
  /** Of an edit: the platform's id of the message that it changes. */
  edit_of: string | null;
  /** Set when it is one of several parts of an album. */
  album_id: string | null;
  payload: string | null;
  trust: Trust;
  outcome: OutcomeKind | "pending";
  reason: string | null;
  /** Which rule of the gateway decided: `command:help`, `conversation`, `not_paired`, … */
  rule: string | null;
  /** Of the press of a button: what is said to whoever pressed, in passing. */
  told_presser: string | null;
  run_id: string | null;
  task_id: string | null;
  cause: string;
  sent_at_ms: EpochMs;
  received_at_ms: EpochMs;
  settled_at_ms: EpochMs | null;
  version: Version;
}

export interface DedupeTable {
  connector: string;
  account: string;
  external_message_id: string;
  message_id: string;
  expires_at_ms: EpochMs;
}

export interface CursorsTable {
  /** `<connector>:<account>` */
  id: string;
  connector: string;
  account: string;
  value: string;
  updated_at_ms: EpochMs;
  version: Version;
}
