import { backoffMs } from "./backoff.ts";
import type { TelegramPorts } from "./ports.ts";

interface AnsweredPoll {
  /** What the poll told to confirm. */
  readonly offset: number | undefined;
  /** What the next one confirms; `undefined` when nothing came. */
  readonly nextOffset: number | undefined;
  /** How long it told the server to wait for something. */
  readonly waitMs: number;
  readonly tookMs: number;
}

/** Settles when the next poll may go out: at once, unless the server ignores what polls say. Rejects only with `signal.reason`. */
export type RestAfterPoll = (poll: AnsweredPoll, signal: AbortSignal) => Promise<void>;

/** An empty answer before this part of the wait is over ignores the wait. */
const HASTY_PART = 1 / 4;
const FIRST_REST_MS = 250;
const LONGEST_REST_MS = 5_000;

/** A server that ignores what we confirm, or how long to wait, must not make us spin. */
export function createRestAfterPoll({
  clock,
  log,
  random,
}: Pick<TelegramPorts, "clock" | "log" | "random">): RestAfterPoll {
  /** How often in a row a batch came that was confirmed already, and nothing came though there was time. */
  let repeats = 0;
  let hasty = 0;
  let isTold = false;

  function tellOnce(): void {
    if (isTold) return;
    isTold = true;
    log.write("warn", "the Bot API server does not wait for messages; it is asked less often", {
      connector: "telegram",
    });
  }

  return async ({ offset, nextOffset, waitMs, tookMs }, signal) => {
    repeats = nextOffset !== undefined && nextOffset === offset ? repeats + 1 : 0;
    hasty = nextOffset === undefined && tookMs < waitMs * HASTY_PART ? hasty + 1 : 0;
    // Once may be chance.
    if (repeats > 1) await clock.sleep(backoffMs(repeats, random), signal);
    if (hasty > 1) {
      tellOnce();
      const restMs = Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** Math.min(hasty - 2, 10));
      await clock.sleep(restMs, signal);
    }
  };
}
