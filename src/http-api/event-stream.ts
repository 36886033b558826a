import type { Clock } from "../core/clock.ts";

/** A comment after this long without news, so that proxies and readers see that the line is alive. */
const HEARTBEAT_MS = 10_000;
/** A reader that takes nothing for this long is cut; it comes back with Last-Event-ID. */
const STALL_MS = 30_000;

export interface EventSource {
  /** What there is to say now as event-stream text, or `undefined`. Asked again whenever `subscribe` calls. */
  next(): Promise<string | undefined>;
  /** Called at every heartbeat. A rejection ends the stream. */
  verify(): Promise<void>;
  subscribe(onNews: () => void): () => void;
}

/** One event as text. `id` makes it a point to resume from. */
export function formatEvent(event: {
  readonly name: string;
  readonly data: unknown;
  readonly id?: number;
}): string {
  const id = event.id === undefined ? "" : `id: ${event.id}\n`;
  return `${id}event: ${event.name}\ndata: ${JSON.stringify(event.data)}\n\n`;
}

/**
 * An event stream that says nothing before the reader has taken what was said before: news waits in the store,
 * not in memory.
 */
export function createEventStream(
  source: EventSource,
  clock: Clock,
  signal: AbortSignal,
): Response {
  const ended = new AbortController();
  const stopped = AbortSignal.any([signal, ended.signal]);
  const encoder = new TextEncoder();
  const news = createBell(clock);
  const unsubscribe = source.subscribe(news.ring);
  let stall: AbortController | undefined;

  function end(): void {
    unsubscribe();
    stall?.abort();
    ended.abort();
  }

  async function nextText(): Promise<string> {
    for (;;) {
      const text = await source.next();
      if (text !== undefined) return text;
      if ((await news.wait(HEARTBEAT_MS, stopped)) === "quiet") {
        await source.verify();
        return ": still here\n\n";
      }
    }
  }

  function cutWhenStalled(controller: ReadableStreamDefaultController<Uint8Array>): void {
    stall = new AbortController();
    clock.sleep(STALL_MS, AbortSignal.any([stall.signal, stopped])).then(
      () => {
        end();
        controller.error(new Error("the reader takes nothing"));
      },
      () => undefined,
    );
  }

  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        stall?.abort();
        try {
          controller.enqueue(encoder.encode(await nextText()));
          cutWhenStalled(controller);
        } catch {
          if (signal.aborted && !ended.signal.aborted)
            controller.enqueue(encoder.encode(": the service ends this stream\n\n"));
          end();
          controller.close();
        }
      },
      cancel: end,
    },
    { highWaterMark: 0 },
  );
  return new Response(body, {
    headers: {
      "content-type": "text/event-stream",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
    },
  });
}

/** Remembers one ring until somebody waits for it. */
function createBell(clock: Clock): {
  ring(): void;
  wait(limitMs: number, signal: AbortSignal): Promise<"rung" | "quiet">;
} {
  let hasRung = false;
  let wake: (() => void) | undefined;
  return {
    ring() {
      hasRung = true;
      wake?.();
    },
    async wait(limitMs, signal) {
      const rung = new AbortController();
      wake = () => rung.abort();
      if (!hasRung) {
        await clock.sleep(limitMs, AbortSignal.any([signal, rung.signal])).catch(() => undefined);
      }
      wake = undefined;
      signal.throwIfAborted();
      const answer = hasRung ? "rung" : "quiet";
      hasRung = false;
      return answer;
    },
  };
}
