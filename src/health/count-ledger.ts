import { setImmediate as nextLoopTurn } from "node:timers/promises";
import {
  countDeliveries,
  countOpenDeliveries,
  countOutcomes,
  newestDelivery,
  newestMessage,
  oldestPendingMessage,
} from "../store/queries/ledger.ts";
import type { Reader } from "../store/store.ts";
import type { MessagesTable } from "../store/tables/messages.ts";

/** Rows counted in one statement, so that a long history never holds the process. */
const CHUNK_ROWS = 20_000;

type Outcome = MessagesTable["outcome"];

export interface MessageLedger {
  /** Every message ever accepted; always the sum of `byOutcome`. */
  readonly accepted: number;
  readonly byOutcome: ReadonlyMap<Outcome, number>;
}

/**
 * Counts messages by outcome. A settled message never changes, so everything before the oldest pending one is counted
 * once and remembered: a scrape reads only what is new.
 */
export function createMessageLedger(store: Reader): { read(): Promise<MessageLedger> } {
  const settled = new Map<Outcome, number>();
  let settledThrough = 0;

  async function countSettled(through: number): Promise<void> {
    while (settledThrough < through) {
      const end = Math.min(through, settledThrough + CHUNK_ROWS);
      const rows = await store.all(countOutcomes, { after: settledThrough, through: end });
      for (const row of rows) add(settled, row.outcome, row.count);
      settledThrough = end;
      await nextLoopTurn();
    }
  }

  async function read(): Promise<MessageLedger> {
    const newest = (await store.first(newestMessage, {}))?.seq ?? 0;
    const oldestPending =
      (await store.first(oldestPendingMessage, {}))?.seq ?? Number.POSITIVE_INFINITY;
    await countSettled(Math.min(newest, oldestPending - 1));
    const byOutcome = new Map(settled);
    const rest = await store.all(countOutcomes, {
      after: settledThrough,
      through: Number.MAX_SAFE_INTEGER,
    });
    for (const row of rest) add(byOutcome, row.outcome, row.count);
    const accepted = [...byOutcome.values()].reduce((sum, count) => sum + count, 0);
    return { accepted, byOutcome };
  }

  return { read: oneAtATime(read) };
}

/**
 * Counts deliveries by state. What is kept was so from the start and is counted in passing; what is sent is what is left
 * of all when those and the open ones are taken away.
 */
export function createDeliveryLedger(store: Reader): {
  read(): Promise<ReadonlyMap<string, number>>;
} {
  let total = 0;
  let kept = 0;
  let countedThrough = 0;

  async function read(): Promise<ReadonlyMap<string, number>> {
    const newest = (await store.first(newestDelivery, {}))?.seq ?? 0;
    while (countedThrough < newest) {
      const end = Math.min(newest, countedThrough + CHUNK_ROWS);
      const row = await store.first(countDeliveries, { after: countedThrough, through: end });
      total += Number(row?.count ?? 0);
      kept += Number(row?.kept ?? 0);
      countedThrough = end;
      await nextLoopTurn();
    }
    const byState = new Map<string, number>();
    for (const row of await store.all(countOpenDeliveries, {})) add(byState, row.state, row.count);
    const open = [...byState.values()].reduce((sum, count) => sum + count, 0);
    byState.set("kept", kept);
    byState.set("sent", Math.max(0, total - kept - open));
    return byState;
  }

  return { read: oneAtATime(read) };
}

/** Postgres hands counts over as text. */
function add<K>(counts: Map<K, number>, key: K, count: number | string): void {
  counts.set(key, (counts.get(key) ?? 0) + Number(count));
}

/** Callers at the same time share one reading. */
function oneAtATime<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | undefined;
  return () => {
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  };
}
