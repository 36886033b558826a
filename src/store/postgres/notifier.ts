import pg from "pg";
import type { Change } from "../../core/effect/change.ts";
import { newId } from "../../core/ids.ts";
import type { Changes } from "../changes.ts";

const CHANNEL = "agent_runtime_changes";
/** NOTIFY carries at most 8000 bytes. */
const CHANGES_A_NOTICE = 80;

/** Tells the other nodes what changed, ids only, what comes together in one notice. A lost notice costs a poll, nothing more. */
export interface Notifier {
  notify(changes: readonly Change[]): void;
  close(): Promise<void>;
}

export async function createNotifier(
  url: string,
  changes: Changes,
  onError: (error: unknown) => void,
): Promise<Notifier> {
  const node = newId("epoch");
  const client = new pg.Client({ connectionString: url });
  client.on("error", onError);
  client.on("notification", ({ payload }) => {
    const notice = parseNotice(payload ?? "");
    if (notice !== undefined && notice.node !== node) changes.publish(notice.changes);
  });
  await client.connect();
  await client.query(`listen ${CHANNEL}`);

  let waiting: Change[] = [];
  let sending: Promise<unknown> = Promise.resolve();
  function flush(): void {
    const batch = waiting;
    waiting = [];
    for (let start = 0; start < batch.length; start += CHANGES_A_NOTICE) {
      const payload = JSON.stringify({
        node,
        changes: batch.slice(start, start + CHANGES_A_NOTICE),
      });
      sending = client.query("select pg_notify($1, $2)", [CHANNEL, payload]).catch(onError);
    }
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
      await client.end();
    },
  };
}

function parseNotice(payload: string): { node: string; changes: Change[] } | undefined {
  try {
    return JSON.parse(payload) as { node: string; changes: Change[] };
  } catch {
    return undefined;
  }
}
