import type { Clock } from "../core/clock.ts";
import type { ChannelHealth } from "../health/ports.ts";
import type { ChannelState } from "../http-api/ports.ts";

/** A channel that asks for news and is not answered for so many of its waits is no longer well. */
const SILENT_WAITS = 2;
/** A short wait says little about how long an answer may be under way. */
const LEAST_SILENCE_MS = 15_000;

interface ChannelWatchOptions {
  readonly connector: string;
  readonly clock: Clock;
  /** How long one request waits for news. */
  readonly waitMs: number;
  /** How long ago it was last answered; `undefined` before the first time. */
  readonly silentMs: () => number | undefined;
}

/** How one channel is: what it reports, unless its silence says otherwise. */
export function createChannelWatch({ connector, clock, waitMs, silentMs }: ChannelWatchOptions) {
  const limitMs = Math.max(LEAST_SILENCE_MS, SILENT_WAITS * waitMs);
  let reported: ChannelState = { connector, account: "", state: "starting", message: "" };
  let trouble: { readonly detail: string; readonly sinceMs: number } | undefined;

  function judge(): ChannelState {
    const silence = silentMs() ?? 0;
    if (reported.state !== "running" || silence <= limitMs) return reported;
    const message = `It has not been heard from for ${formatAge(silence)}. Look at the log and at the network.`;
    return { ...reported, state: "degraded", message };
  }

  return {
    report(report: Pick<ChannelState, "account" | "state" | "message">): void {
      reported = { ...reported, ...report };
      if (report.state === "degraded" || report.state === "stopped")
        trouble = { detail: report.message, sinceMs: clock.monotonicMs() };
    },
    judge,
    /** The same with its last sign of life and its last trouble. */
    describe(): ChannelState {
      const judged = judge();
      const silence = silentMs();
      const parts = [judged.message];
      if (silence !== undefined) parts.push(`Last heard from ${formatAge(silence)} ago.`);
      if (trouble !== undefined && judged.state === "running") {
        const ageMs = clock.monotonicMs() - trouble.sinceMs;
        parts.push(`Last trouble ${formatAge(ageMs)} ago: ${trouble.detail}`);
      }
      return { ...judged, message: parts.filter((part) => part !== "").join(" ") };
    },
    measure(): ChannelHealth {
      const { account, state } = judge();
      return { connector, account, isUp: state === "running", silentMs: silentMs() };
    },
  };
}

function formatAge(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
