/**
 * How long each delivery has found its channel out of reach, try after try. By the monotonic clock: a clock that is set,
 * a machine that slept and a service that was off are no tries.
 */
export interface OfflineTimes {
  /** Milliseconds since the first of the failed tries; 0: this is the first. */
  sinceMs(deliveryId: string, nowMs: number): number;
  /** The channel was reached, or the delivery is over. */
  forget(deliveryId: string): void;
  /** How many deliveries are remembered. */
  readonly size: number;
}

/** Of more than these the oldest are forgotten: they are tried for another day. */
const MOST_REMEMBERED = 10_000;

export function createOfflineTimes(): OfflineTimes {
  const firstFailedAt = new Map<string, number>();
  return {
    sinceMs(deliveryId, nowMs) {
      const known = firstFailedAt.get(deliveryId);
      if (known !== undefined) return nowMs - known;
      const [oldest] = firstFailedAt.keys();
      if (firstFailedAt.size >= MOST_REMEMBERED && oldest !== undefined)
        firstFailedAt.delete(oldest);
      firstFailedAt.set(deliveryId, nowMs);
      return 0;
    },
    forget: (deliveryId) => void firstFailedAt.delete(deliveryId),
    get size() {
      return firstFailedAt.size;
    },
  };
}
