import { OVER, withTimeout } from "../../core/abort.ts";
import { AppError, describeError } from "../../core/errors.ts";
import { type HoldDeps, holdConnection } from "./hold-connection.ts";
import type { McpServer } from "./servers-file.ts";
import type { McpAnswer, McpSession } from "./session.ts";

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
/** A connection that held so long was a good one: what comes after it is the first failure again. */
const STABLE_MS = 60_000;
const CONNECTED_WITHIN_MS = 20_000;

export interface ConnectionDeps extends HoldDeps {
  readonly random: () => number;
  readonly onLost: (why: string) => void;
}

type ConnectionState =
  | { readonly kind: "connecting" }
  | { readonly kind: "connected"; readonly session: McpSession }
  /** `why`: for people; a program's last words may be in it. */
  | { readonly kind: "down"; readonly why: string };

/** Holds on to one server: connects, and connects again with growing waits, until it is stopped. */
export interface McpConnection {
  state(): ConnectionState;
  /** Waits for a connection, not for long. @throws AppError when there is none or no answer; `signal.reason`. */
  request(
    method: string,
    params: object,
    signal: AbortSignal,
    /** Called once there is a connection, right before each sending. What it throws is thrown, and nothing is sent. */
    beforeSending?: () => void,
  ): Promise<McpAnswer>;
  /** Idempotent. */
  start(): void;
  /** Settles when nothing of the server runs any more here. */
  stop(): Promise<void>;
}

export function createConnection(deps: ConnectionDeps, server: McpServer): McpConnection {
  const stopping = new AbortController();
  const waits = createWaits(deps);
  const current = createCurrent();
  let running: Promise<void> | undefined;

  async function keepConnected(signal: AbortSignal): Promise<void> {
    const onConnected = (session: McpSession) => current.become({ kind: "connected", session });
    for (let failures = 0; !signal.aborted; ) {
      const startedMs = deps.clock.monotonicMs();
      const why = await holdConnection(deps, server, onConnected, signal).catch(describeError);
      if (signal.aborted) return;
      failures = deps.clock.monotonicMs() - startedMs > STABLE_MS ? 1 : failures + 1;
      deps.onLost(why);
      current.become({ kind: "down", why });
      await waits.wait(failures, signal);
      current.become({ kind: "connecting" });
    }
  }

  const findSession = (signal: AbortSignal) =>
    withTimeout(deps.clock, CONNECTED_WITHIN_MS, signal, (limited) => {
      waits.hurry();
      return current.waitForSession(limited);
    }).catch((cause: unknown) => {
      if (signal.aborted) throw signal.reason;
      // Why not may be in the server's words, and is for people.
      const what = `The MCP server ${server.id} cannot be reached now.`;
      throw new AppError("unavailable", what, { cause });
    });

  return {
    state: current.read,
    async request(method, params, signal, beforeSending = () => undefined) {
      const session = await findSession(signal);
      beforeSending();
      const answer = await session.request(method, params, signal);
      if (answer.kind !== "forgotten") return answer;
      // It was restarted and has done nothing of this.
      const next = await findSession(signal);
      beforeSending();
      return await next.request(method, params, signal);
    },
    start() {
      running ??= keepConnected(stopping.signal);
    },
    async stop() {
      stopping.abort(OVER);
      await running;
    },
  };
}

/** The waits between attempts. A call that waits for the server ends a long one, but not the first second of it. */
function createWaits({ clock, random }: ConnectionDeps) {
  let hurry: () => void = () => undefined;
  return {
    hurry: () => hurry(),
    async wait(failures: number, signal: AbortSignal): Promise<void> {
      const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1));
      const wanted = new AbortController();
      hurry = () => wanted.abort(OVER);
      await clock.sleep(FIRST_WAIT_MS * (1 + 0.2 * random()), signal).catch(() => undefined);
      const rest = AbortSignal.any([signal, wanted.signal]);
      await clock.sleep(waitMs - FIRST_WAIT_MS, rest).catch(() => undefined);
    },
  };
}

/** How it is now, and who waits for it to be better. */
function createCurrent() {
  let state: ConnectionState = { kind: "connecting" };
  const waiting = new Set<() => void>();
  const openSession = () =>
    state.kind === "connected" && !state.session.isOver() ? state.session : undefined;
  return {
    read: () => state,
    become(next: ConnectionState): void {
      state = next;
      for (const look of [...waiting]) look();
    },
    /** Rejects with `signal.reason`. */
    async waitForSession(signal: AbortSignal): Promise<McpSession> {
      signal.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<McpSession>();
      const give = () => reject(signal.reason);
      const look = () => {
        const session = openSession();
        if (session !== undefined) resolve(session);
      };
      waiting.add(look);
      signal.addEventListener("abort", give, { once: true });
      look();
      return await promise.finally(() => {
        waiting.delete(look);
        signal.removeEventListener("abort", give);
      });
    },
  };
}
