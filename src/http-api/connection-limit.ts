import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";

const TELL_EVERY_MS = 60_000;
/** Beyond the limit there is room for a quarter more, so that whoever asks for the health is still answered. */
const ROOM = 1 / 4;
const LEAST_ROOM = 10;
const HEALTH = /^\/(?:healthz|readyz)(?:\?|$)/;

export interface ConnectionLimit {
  /** Whether this request must be refused, for too many others are under way. */
  refuses(request: IncomingMessage): boolean;
  /** Cuts every connection without a request under way, now and from now on as soon as it has none. */
  close(): void;
}

interface LimitDeps {
  readonly limit: number;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Bounds the connections of a whole server without letting anybody lock others out: over the limit, a new one takes the
 * place of the one that has been without a request for longest. What is turned away is logged, at most once a minute.
 */
export function limitConnections(
  server: Server,
  { limit, clock, log }: LimitDeps,
): ConnectionLimit {
  const open = new Set<Socket>();
  /** Those that have sent no whole request head, or have their answer; the oldest first. */
  const waiting = new Set<Socket>();
  const underWay = new WeakMap<Socket, number>();
  const closing = new AbortController();
  const turnedAway = createTally(clock, closing.signal, (count) =>
    log.write("warn", "connections turned away", { count, limit }),
  );

  function forget(socket: Socket): void {
    open.delete(socket);
    waiting.delete(socket);
  }

  function countRequest(socket: Socket, change: 1 | -1): void {
    const count = (underWay.get(socket) ?? 0) + change;
    underWay.set(socket, count);
    waiting.delete(socket);
    if (count > 0 || !open.has(socket)) return;
    if (closing.signal.aborted) socket.destroySoon();
    else waiting.add(socket);
  }

  server.maxConnections = limit + Math.max(LEAST_ROOM, Math.ceil(limit * ROOM));
  server.on("drop", turnedAway.add);
  server.on("connection", (socket: Socket) => {
    const [oldest] = waiting;
    open.add(socket);
    waiting.add(socket);
    socket.once("close", () => forget(socket));
    if (open.size <= limit || oldest === undefined) return;
    forget(oldest);
    oldest.destroy();
    turnedAway.add();
  });
  server.prependListener("request", ({ socket }: IncomingMessage, response: ServerResponse) => {
    countRequest(socket, 1);
    response.once("close", () => countRequest(socket, -1));
  });

  return {
    refuses(request) {
      if (open.size <= limit || HEALTH.test(request.url ?? "")) return false;
      turnedAway.add();
      return true;
    },
    close() {
      closing.abort();
      for (const socket of waiting) socket.destroySoon();
    },
  };
}

/** Tells of the first at once and of all that follow once a minute. */
function createTally(clock: Clock, signal: AbortSignal, tell: (count: number) => void) {
  let count = 0;
  let isResting = false;

  async function tellAndRest(): Promise<void> {
    isResting = true;
    while (count > 0) {
      tell(count);
      count = 0;
      await clock.sleep(TELL_EVERY_MS, signal).catch(() => undefined);
    }
    isResting = false;
  }

  return {
    add(): void {
      if (signal.aborted) return;
      count += 1;
      if (!isResting) void tellAndRest();
    },
  };
}
