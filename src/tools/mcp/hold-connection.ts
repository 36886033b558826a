import type { Clock } from "../../core/clock.ts";
import { type Listing, listTools } from "./list-tools.ts";
import type { McpServer } from "./servers-file.ts";
import type { McpSession } from "./session.ts";

/** A server that says all the time that its tools have changed is asked ever more seldom. */
const FIRST_REST_MS = 5_000;
const LONGEST_REST_MS = 300_000;

export interface HoldDeps {
  readonly clock: Clock;
  readonly version: string;
  /** Called with each list, the first time before the server counts as connected. */
  readonly onListed: (listing: Listing) => Promise<void>;
}

/** What speaks the protocol, loaded when there is a server: not with every program. @throws when it is not installed. */
export async function loadProtocol() {
  return await import("./session.ts");
}

/** One connection to a server, from its greeting to its end. Returns why it ended. @throws AppError when there is none. */
export async function holdConnection(
  deps: HoldDeps,
  server: McpServer,
  onConnected: (session: McpSession) => void,
  signal: AbortSignal,
): Promise<string> {
  let changed = Promise.withResolvers<void>();
  const onToolsChanged = () => changed.resolve();
  const { openSession } = await loadProtocol();
  const session = await openSession({ ...deps, onToolsChanged }, server, signal);
  const close = () => void session.close();
  signal.addEventListener("abort", close, { once: true });
  try {
    await deps.onListed(await listTools(session, server, signal));
    onConnected(session);
    for (let restMs = FIRST_REST_MS; ; restMs = Math.min(LONGEST_REST_MS, 2 * restMs)) {
      const ended = await Promise.race([session.closed, changed.promise]);
      if (typeof ended === "string") return ended;
      changed = Promise.withResolvers<void>();
      await deps.onListed(await listTools(session, server, signal));
      const rested = deps.clock.sleep(restMs, signal).catch(() => undefined);
      const lost = await Promise.race([session.closed, rested]);
      if (typeof lost === "string") return lost;
    }
  } finally {
    signal.removeEventListener("abort", close);
    await session.close();
  }
}
