import type { EpochMs } from "../core/clock.ts";
import type { ChannelSender } from "./ports.ts";

/** Remembers the slots of deliveries that were put back to wait for them, so that none reserves twice. */
export interface SendPace {
  /** Milliseconds until this delivery may be sent; 0: now. */
  waitMs(deliveryId: string, externalId: string, sender: ChannelSender, now: EpochMs): number;
  /** How many slots are remembered. */
  readonly size: number;
}

/** A platform's pace is counted in seconds; a slot further away than this comes from a clock that jumped. */
const FURTHEST_SLOT_MS = 10 * 60_000;
/** Deliveries that end while they wait are never asked for again: beyond this many, those are forgotten. */
const MOST_HELD = 1_000;

export function createSendPace(): SendPace {
  const held = new Map<string, EpochMs>();

  function forgetPast(now: EpochMs): void {
    for (const [id, slot] of held) if (slot <= now) held.delete(id);
    const [oldest] = held.keys();
    if (held.size >= MOST_HELD && oldest !== undefined) held.delete(oldest);
  }

  return {
    waitMs(deliveryId, externalId, sender, now) {
      const slot = held.get(deliveryId) ?? sender.reserveSlot(externalId, now);
      if (slot <= now || slot > now + FURTHEST_SLOT_MS) {
        held.delete(deliveryId);
        return 0;
      }
      if (held.size >= MOST_HELD && !held.has(deliveryId)) forgetPast(now);
      held.set(deliveryId, slot);
      return slot - now;
    },
    get size() {
      return held.size;
    },
  };
}
