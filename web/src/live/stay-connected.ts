import { isUnauthenticated } from "../api/api-error.ts";
import type { Draft } from "./draft.ts";
import { type EventHandlers, followEvents } from "./follow-events.ts";
import type { Cell } from "./observable.ts";
import { pause } from "./pause.ts";
import { reconnectDelayMs } from "./reconnect-delay.ts";

/** Events may be lost with a connection that only looks alive; this bounds for how long. */
const REPAIR_EVERY_MS = 30_000;
/** The state of channels is no row, so no event tells of it. */
const GLANCE_EVERY_MS = 5_000;

export type Connection = "connecting" | "online" | "reconnecting";

export interface StayConnectedOptions {
  readonly connection: Cell<Connection>;
  /** Reads everything shown anew. Throws when it cannot. */
  readonly rereadAll: (signal: AbortSignal) => Promise<void>;
  /** Reads the little that events do not tell of. */
  readonly glance: (signal: AbortSignal) => Promise<void>;
  readonly onOnline: () => void;
  readonly onChange: (topics: ReadonlySet<string>, signal: AbortSignal) => Promise<void>;
  readonly onDraft: (draft: Draft, signal: AbortSignal) => Promise<void>;
  readonly onLoggedOut: () => void;
}

/** Keeps the page true: reads, follows events, and after every break does both again. Ends when `signal` aborts. */
export async function stayConnected(
  options: StayConnectedOptions,
  signal: AbortSignal,
): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    let wasOnline = false;
    const onOnline = (): void => {
      wasOnline = true;
      options.connection.update(() => "online");
      options.onOnline();
    };
    const end = await connectOnce(options, onOnline, signal);
    if (signal.aborted) return;
    if (end === "logged-out") {
      options.onLoggedOut();
      return;
    }
    if (end === "broken") options.connection.update(() => "reconnecting");
    failures = wasOnline ? 1 : failures + 1;
    const delayMs =
      end === "hidden" ? Number.MAX_SAFE_INTEGER : reconnectDelayMs(failures, Math.random());
    await pause(Math.min(delayMs, 2 ** 31 - 1), signal).catch(() => undefined);
  }
}

type End = "broken" | "hidden" | "logged-out";

async function connectOnce(
  options: StayConnectedOptions,
  onOnline: () => void,
  outer: AbortSignal,
): Promise<End> {
  const link = new AbortController();
  const signal = AbortSignal.any([outer, link.signal]);
  let end: End | undefined;
  function attempt(work: Promise<void>): void {
    work.catch((error: unknown) => {
      if (signal.aborted) return;
      end = isUnauthenticated(error) ? "logged-out" : "broken";
      link.abort();
    });
  }
  const repair = setInterval(() => attempt(options.rereadAll(signal)), REPAIR_EVERY_MS);
  const glance = setInterval(() => attempt(options.glance(signal)), GLANCE_EVERY_MS);
  try {
    await options.rereadAll(signal);
    const handlers: EventHandlers = {
      onOpen: () => attempt(options.rereadAll(signal).then(onOnline)),
      onChange: (topics) => attempt(options.onChange(topics, signal)),
      onDraft: (draft) => attempt(options.onDraft(draft, signal)),
    };
    const why = await followEvents(handlers, signal);
    return end ?? why;
  } catch (error) {
    return isUnauthenticated(error) ? "logged-out" : "broken";
  } finally {
    clearInterval(repair);
    clearInterval(glance);
    link.abort();
  }
}
