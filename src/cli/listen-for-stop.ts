import { systemClock } from "../core/clock.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** npm passes on the Ctrl-C that the terminal has already given to all: two at once are one. */
const SAME_PRESS_MS = 500;
const FORCED = 130;

export interface StopListener {
  /** Settles when the process is told to stop. */
  readonly asked: Promise<void>;
  isAsked(): boolean;
  dispose(): void;
}

/** Takes Ctrl-C, SIGTERM and a closed terminal as the wish to stop. Asked a second time, the process ends at once. */
export function listenForStop(): StopListener {
  const { promise, resolve } = Promise.withResolvers<void>();
  let askedAtMs: number | undefined;
  const onSignal = (): void => {
    const nowMs = systemClock.monotonicMs();
    if (askedAtMs !== undefined && nowMs - askedAtMs > SAME_PRESS_MS) process.exit(FORCED);
    askedAtMs ??= nowMs;
    resolve();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return {
    asked: promise,
    isAsked: () => askedAtMs !== undefined,
    dispose() {
      for (const signal of SIGNALS) process.off(signal, onSignal);
    },
  };
}
