import pg from "pg";
import { OVER } from "../../core/abort.ts";
import type { Clock } from "../../core/clock.ts";
import type { Change } from "../../core/effect/change.ts";
import { newId } from "../../core/ids.ts";
import type { Changes } from "../changes.ts";

const CHANNEL = "agent_runtime_changes";
/** NOTIFY carries at most 8000 bytes. */
const CHANGES_A_NOTICE = 80;
const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 5_000;
/** What to look at after a time in which nothing was heard. */
const UNHEARD: readonly Change[] = [
  { topic: "jobs", id: "unheard" },
  { topic: "cancels", id: "unheard" },
];

/** Tells the other nodes what changed, ids only, what comes together in one notice. A lost notice costs a poll, nothing more. */
export interface Notifier {
  notify(changes: readonly Change[]): void;
  close(): Promise<void>;
}

interface NotifierDeps {
  readonly url: string;
  readonly changes: Changes;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}

interface Line {
  readonly client: pg.Client;
  /** Settles when nothing comes over it any more. */
  readonly ended: Promise<void>;
}

/** Listens until it is closed: a connection that is cut is made anew, and everybody told to look again. */
export async function createNotifier(deps: NotifierDeps): Promise<Notifier> {
  const { clock, changes, onError } = deps;
  const node = newId("epoch");
  const closing = new AbortController();
  let line: Line | undefined = await listen(deps, node);
  const listening = keepListening(line);

  async function keepListening(first: Line): Promise<void> {
    let current: Line | undefined = first;
    while (current !== undefined) {
      await current.ended;
      line = undefined;
      current = await listenAgain();
      line = current;
      if (current !== undefined) changes.publish(UNHEARD);
    }
  }

  async function listenAgain(): Promise<Line | undefined> {
    for (let delayMs = 0; !closing.signal.aborted; delayMs = nextDelay(delayMs)) {
      await clock.sleep(delayMs, closing.signal).catch(() => undefined);
      if (closing.signal.aborted) return undefined;
      try {
        return await listen(deps, node);
      } catch (error) {
        onError(error);
      }
    }
    return undefined;
  }

  let waiting: Change[] = [];
  let sending: Promise<unknown> = Promise.resolve();
  function flush(): void {
    const batch = waiting;
    waiting = [];
    for (let start = 0; start < batch.length; start += CHANGES_A_NOTICE) {
      const notice: Notice = { node, changes: batch.slice(start, start + CHANGES_A_NOTICE) };
      sending = sending.then(() => send(JSON.stringify(notice))).catch(onError);
    }
  }

  async function send(notice: string): Promise<void> {
    await line?.client.query("select pg_notify($1, $2)", [CHANNEL, notice]);
  }

  return {
    notify(told) {
      if (told.length === 0) return;
      if (waiting.length === 0) setImmediate(flush);
      waiting.push(...told);
    },
    async close() {
      flush();
      await sending;
      closing.abort(OVER);
      await line?.client.end();
      await listening;
      // It may have been made while it was being closed.
      await line?.client.end();
    },
  };
}

const nextDelay = (delayMs: number): number =>
  Math.min(LONGEST_DELAY_MS, Math.max(FIRST_DELAY_MS, delayMs * 2));

async function listen({ url, changes, onError }: NotifierDeps, node: string): Promise<Line> {
  const client = new pg.Client({
    connectionString: url,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: 10_000,
  });
  const ended = new Promise<void>((resolve) => {
    client.once("end", resolve);
    client.on("error", (error) => {
      onError(error);
      resolve();
      void client.end().catch(() => undefined);
    });
  });
  client.on("notification", ({ payload }) => {
    const notice = parseNotice(payload ?? "");
    if (notice !== undefined && notice.node !== node) changes.publish(notice.changes);
  });
  try {
    await client.connect();
    await client.query(`listen ${CHANNEL}`);
  } catch (error) {
    void client.end().catch(() => undefined);
    throw error;
  }
  return { client, ended };
}

interface Notice {
  readonly node: string;
  readonly changes: readonly Change[];
}

function parseNotice(payload: string): Notice | undefined {
  try {
    return JSON.parse(payload) as Notice;
  } catch {
    return undefined;
  }
}
