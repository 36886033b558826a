import type { EpochMs } from "../core/clock.ts";
import type { ChannelSender } from "./ports.ts";

/** Remembers the slots of deliveries that were put back to wait for them, so that none reserves twice. */
export interface SendPace {
  /** Milliseconds until this delivery may be sent; 0: now. */
  waitMs(deliveryId: string, externalId: string, sender: ChannelSender, now: EpochMs): number;
}

/** A platform's pace is counted in seconds; a slot further away than this comes from a clock that jumped. */
const FURTHEST_SLOT_MS = 10 * 60_000;

export function createSendPace(): SendPace {
  const held = new Map<string, EpochMs>();

  return {
    waitMs(deliveryId, externalId, sender, now) {
      const slot = held.get(deliveryId) ?? sender.reserveSlot(externalId, now);
      if (slot <= now || slot > now + FURTHEST_SLOT_MS) {
        held.delete(deliveryId);
        return 0;
      }
      held.set(deliveryId, slot);
      return slot - now;
    },
  };
}
