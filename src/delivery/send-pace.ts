import type { ChannelSender } from "./ports.ts";

/** Remembers the slots of deliveries that were put back to wait for them, so that none reserves twice. */
export interface SendPace {
  /** Milliseconds until this delivery may be sent; 0: now. `nowMs` is monotonic. */
  waitMs(
    deliveryId: string,
    externalId: string,
    sender: Pick<ChannelSender, "reserveSlot">,
    nowMs: number,
  ): number;
  /** How many slots are remembered. */
  readonly size: number;
}

/** Deliveries that end while they wait are never asked for again: beyond this many, those are forgotten. */
const MOST_HELD = 1_000;

export function createSendPace(): SendPace {
  const held = new Map<string, number>();

  function forgetPast(nowMs: number): void {
    for (const [id, slot] of held) if (slot <= nowMs) held.delete(id);
    const [oldest] = held.keys();
    if (held.size >= MOST_HELD && oldest !== undefined) held.delete(oldest);
  }

  return {
    waitMs(deliveryId, externalId, sender, nowMs) {
      const slot = held.get(deliveryId) ?? nowMs + sender.reserveSlot(externalId);
      if (slot <= nowMs) {
        held.delete(deliveryId);
        return 0;
      }
      if (held.size >= MOST_HELD && !held.has(deliveryId)) forgetPast(nowMs);
      held.set(deliveryId, slot);
      return slot - nowMs;
    },
    get size() {
      return held.size;
    },
  };
}
