import { systemClock } from "../../../src/core/clock.ts";

/** Waits, but no longer than until the browser is online again or this tab is looked at. */
export async function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  const sooner = new AbortController();
  const wake = (): void => {
    if (document.visibilityState === "visible") sooner.abort();
  };
  addEventListener("online", wake);
  document.addEventListener("visibilitychange", wake);
  try {
    await systemClock.sleep(durationMs, AbortSignal.any([signal, sooner.signal]));
  } catch (error) {
    if (signal.aborted) throw error;
  } finally {
    removeEventListener("online", wake);
    document.removeEventListener("visibilitychange", wake);
  }
}
