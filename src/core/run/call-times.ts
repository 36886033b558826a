/** A call of a model or a tool that has come to its end. */
export interface TimedCall {
  readonly kind: "model" | "tool";
  /** `openai/gpt-6-sol`, `list_files`. */
  readonly name: string;
  readonly outcome: "finished" | "failed";
  readonly durationMs: number;
}

/** How often each name came to each end, and how long that took. */
export interface CallSeries extends Omit<TimedCall, "durationMs"> {
  readonly count: number;
  readonly sumMs: number;
  /** Of each bound of `CALL_BOUNDS_MS` how many took no longer. */
  readonly within: readonly number[];
}

export interface CallTimes {
  add(call: TimedCall): void;
  read(): readonly CallSeries[];
}

export const CALL_BOUNDS_MS = [
  10, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 120_000, 300_000,
] as const;
/** More names than any installation has; what comes after counts under one. */
const MOST_SERIES = 500;
const OTHERS = "(others)";

/** Since the process began: sums in memory, which cost a call nothing. */
export function createCallTimes(): CallTimes {
  const all = new Map<string, CallSeries>();

  function keyOf({ kind, outcome }: TimedCall, name: string): string {
    return JSON.stringify([kind, name, outcome]);
  }

  return {
    add(call) {
      const isKnown = all.has(keyOf(call, call.name)) || all.size < MOST_SERIES;
      const name = isKnown ? call.name : OTHERS;
      const { kind, outcome, durationMs } = call;
      const before = all.get(keyOf(call, name));
      all.set(keyOf(call, name), {
        kind,
        name,
        outcome,
        count: (before?.count ?? 0) + 1,
        sumMs: (before?.sumMs ?? 0) + durationMs,
        within: CALL_BOUNDS_MS.map(
          (boundMs, at) => (before?.within[at] ?? 0) + (durationMs <= boundMs ? 1 : 0),
        ),
      });
    },
    read: () => [...all.values()],
  };
}
