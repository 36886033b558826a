/** The slots of one whole bot, each as long as its pace allows; one send fits in each. */
export interface BotSlots {
  /** The first free slot from `earliest` on; it is taken. */
  take(earliest: number, now: number): number;
  /** Takes the slot of `now`, if nothing is to be sent in it. */
  takeSpare(now: number): boolean;
}

/** `maxPerSecond`: 0 sets no pace. */
export function createBotSlots(maxPerSecond: number): BotSlots {
  /** Taken slots, each with a later one to try next. */
  const nextSlots = new Map<number, number>();
  let tidyAt = 0;

  // Whole numbers as far as they go: fractions of a slot would not add up.
  const slotAt = (at: number) => Math.floor((at * maxPerSecond) / 1_000);
  const startOf = (slot: number) => Math.ceil((slot * 1_000) / maxPerSecond);

  function forgetPast(now: number): void {
    if (nextSlots.size <= 2 * maxPerSecond || now < tidyAt) return;
    tidyAt = now + 1_000;
    for (const slot of nextSlots.keys()) if (startOf(slot + 1) <= now) nextSlots.delete(slot);
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
      if (maxPerSecond === 0) return earliest;
      forgetPast(now);
      const wanted = slotAt(earliest);
      const slot = findFree(wanted);
      nextSlots.set(slot, slot + 1);
      // The next search from here need not walk the same way.
      nextSlots.set(wanted, slot + 1);
      return Math.max(earliest, startOf(slot));
    },
    takeSpare(now) {
      if (maxPerSecond === 0) return true;
      forgetPast(now);
      const slot = slotAt(now);
      if (nextSlots.has(slot)) return false;
      nextSlots.set(slot, slot + 1);
      return true;
    },
  };
}
