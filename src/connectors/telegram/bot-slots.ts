import type { EpochMs } from "../../core/clock.ts";

/** The slots of one whole bot, each as long as its pace allows; one send fits in each. */
export interface BotSlots {
  /** The first free slot from `earliest` on; it is taken. */
  take(earliest: EpochMs, now: EpochMs): EpochMs;
  clear(): void;
}

/** `maxPerSecond`: 0 sets no pace. */
export function createBotSlots(maxPerSecond: number): BotSlots {
  /** Taken slots, each with a later one to try next. */
  const nextSlots = new Map<number, number>();
  const slotMs = maxPerSecond > 0 ? 1_000 / maxPerSecond : 0;
  let tidyAt = 0;

  function forgetPast(now: EpochMs): void {
    if (nextSlots.size <= 2 * maxPerSecond || now < tidyAt) return;
    tidyAt = now + 1_000;
    for (const slot of nextSlots.keys()) if ((slot + 1) * slotMs <= now) nextSlots.delete(slot);
  }

  function findFree(wanted: number): number {
    let slot = wanted;
    let next = nextSlots.get(slot);
    while (next !== undefined) {
      slot = next;
      next = nextSlots.get(slot);
    }
    return slot;
  }

  return {
    take(earliest, now) {
      if (slotMs === 0) return earliest;
      forgetPast(now);
      const wanted = Math.floor(earliest / slotMs);
      const slot = findFree(wanted);
      nextSlots.set(slot, slot + 1);
      // The next search from here need not walk the same way.
      nextSlots.set(wanted, slot + 1);
      return Math.max(earliest, Math.ceil(slot * slotMs));
    },
    clear() {
      nextSlots.clear();
      tidyAt = 0;
    },
  };
}
