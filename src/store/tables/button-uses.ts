import type { EpochMs } from "../../core/clock.ts";

export interface ButtonUsesTable {
  delivery_id: string;
  button_index: number;
  message_id: string;
  used_at_ms: EpochMs;
}
