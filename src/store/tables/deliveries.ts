import type { Generated } from "kysely";
import type { EpochMs } from "../../core/clock.ts";
import type { DeliveryKind, DeliveryState } from "../../core/delivery/delivery.ts";
import type { ConnectorName } from "../../core/message/inbound-message.ts";
import type { Flag, Version } from "./column.ts";

export interface DeliveriesTable {
  seq: Generated<number>;
  id: string;
  context_id: string;
  connector: ConnectorName;
  account: string;
  external_id: string;
  kind: DeliveryKind;
  body: string;
  state: DeliveryState;
  parts: string | null;
  parts_sent: number;
  receipts: string;
  marked: Flag;
  error: string | null;
  dropped_by: string | null;
  drop_reason: string | null;
  reply_to_external_id: string | null;
  message_id: string | null;
  run_id: string | null;
  task_id: string | null;
  /** What is to be decided on it, `task:<id>:v<wording>`; all its copies and what they become bear the same. */
  card: string | null;
  /** Of mail: its head as JSON, which all its deliveries have in common. */
  mail: string | null;
  /** Of an edit: the delivery that it writes anew, and how often that was done. */
  revises: string | null;
  revision: number | null;
  cause: string;
  created_at_ms: EpochMs;
  updated_at_ms: EpochMs;
  version: Version;
}
