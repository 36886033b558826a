import { isUnauthenticated, isWorthRetrying, sentenceFor } from "../api/api-error.ts";
import type { Cell } from "../live/observable.ts";
import type { Outbox, UnsentMessage } from "./outbox.ts";

export interface SenderOptions {
  readonly outbox: Outbox;
  /** What the page shows of the outbox. */
  readonly unsent: Cell<readonly UnsentMessage[]>;
  readonly send: (message: UnsentMessage, signal: AbortSignal) => Promise<void>;
  /** Called when the runtime has taken messages; they leave the outbox when it settles. */
  readonly onTaken: (signal: AbortSignal) => Promise<void>;
  /** How long to wait after the n-th failure in a row. */
  readonly waitAfter: (failures: number, signal: AbortSignal) => Promise<void>;
}

export interface Sender {
  /**
   * Sends what is in the outbox, in order, until it is empty or `signal` aborts. One run at a time; a call while it
   * waits after a failure ends that wait. @throws ApiError when the page is not logged in.
   */
  flush(signal: AbortSignal): Promise<void>;
  /** Shows what other tabs have put or taken. */
  reload(): void;
}

/** Sends unsent messages one after the other; each keeps its id until the runtime took or refused it. */
export function createSender(options: SenderOptions): Sender {
  const { outbox, unsent } = options;
  let running: Promise<void> | undefined;
  let wake = new AbortController();

  function reload(): void {
    unsent.update(() => outbox.list());
  }

  async function sendNext(message: UnsentMessage, signal: AbortSignal): Promise<"sent" | "later"> {
    try {
      await options.send(message, signal);
    } catch (error) {
      if (isUnauthenticated(error)) throw error;
      if (signal.aborted || isWorthRetrying(error)) return "later";
      outbox.put({ ...message, refusal: sentenceFor(error) });
      reload();
      return "sent";
    }
    // First the history shows it, then the outbox lets go: it is never gone from the screen.
    await options.onTaken(signal).catch(() => undefined);
    outbox.remove(message.messageId);
    reload();
    return "sent";
  }

  async function run(signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      reload();
      const message = outbox.list().find((entry) => entry.refusal === undefined);
      if (message === undefined) return;
      const result = await sendNext(message, signal);
      failures = result === "sent" ? 0 : failures + 1;
      if (result === "later") await rest(failures, signal);
    }
  }

  async function rest(failures: number, signal: AbortSignal): Promise<void> {
    wake = new AbortController();
    const sooner = AbortSignal.any([signal, wake.signal]);
    await options.waitAfter(failures, sooner).catch(() => undefined);
  }

  return {
    reload,
    flush(signal) {
      wake.abort();
      running ??= run(signal).finally(() => {
        running = undefined;
      });
      return running;
    },
  };
}
