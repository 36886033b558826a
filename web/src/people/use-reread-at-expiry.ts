import { useEffect } from "react";
import type { PairingView } from "../../../src/client/shapes/pairing.ts";
import type { LiveList } from "../live/create-live-list.ts";
import { useObserved } from "../live/observable.ts";

/** The runtime's clock is not this browser's: a second is left between them. */
const MARGIN_MS = 1_000;

/** Time ends a request without a word from the runtime: then the list is read again. */
export function useRereadAtExpiry(pairings: LiveList<PairingView>): void {
  const { items } = useObserved(pairings.state);
  useEffect(() => {
    const nowMs = Date.now();
    const nextMs = (items ?? [])
      .map((pairing) => pairing.expires_at_unix * 1_000 + MARGIN_MS)
      .filter((atMs) => atMs > nowMs)
      .reduce((least, atMs) => Math.min(least, atMs), Number.POSITIVE_INFINITY);
    if (nextMs === Number.POSITIVE_INFINITY) return;
    const timer = setTimeout(() => {
      pairings.reread(new AbortController().signal).catch(() => undefined);
    }, nextMs - nowMs);
    return () => clearTimeout(timer);
  }, [items, pairings]);
}
