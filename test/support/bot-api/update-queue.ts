import { BotApiError, badRequest } from "./bot-api-error.ts";

type RawUpdate = Record<string, unknown> & { update_id: number };
type Answer = (result: readonly RawUpdate[] | BotApiError) => void;

interface WaitingPoll {
  readonly limit: number;
  readonly answer: Answer;
  readonly timer: NodeJS.Timeout;
}

/** Kinds a bot gets only when it asks for them. */
const ON_REQUEST = new Set(["chat_member", "message_reaction", "message_reaction_count"]);

/** What waits for the bot, with the confirmation rules of `getUpdates`. */
export interface UpdateQueue {
  webhookUrl: string;
  /** Adds an update unless the bot did not ask for its kind. Returns its id. */
  push(update: Readonly<Record<string, unknown>>): number;
  /** Adds it exactly as it is, its own `update_id` included. */
  pushRaw(update: unknown): void;
  poll(params: Readonly<Record<string, unknown>>, answer: Answer): () => void;
  /** The next answer brings the last `count` updates delivered again, confirmed or not. */
  redeliver(count: number): void;
  /** The next answer comes in reverse order. */
  reverseNext(): void;
  /** Ids go on from `next`, as they may after a quiet week. Only while nothing waits. */
  restartIds(next: number): void;
  readonly pending: number;
  readonly polls: number;
  close(): void;
}

export function createUpdateQueue(firstId: number): UpdateQueue {
  let pending: RawUpdate[] = [];
  let delivered: RawUpdate[] = [];
  let again: RawUpdate[] = [];
  let nextId = firstId;
  let reverse = false;
  let allowed: ReadonlySet<string> | undefined;
  let waiting: WaitingPoll | undefined;
  let polls = 0;

  function settle(result: readonly RawUpdate[] | BotApiError): void {
    const poll = waiting;
    waiting = undefined;
    clearTimeout(poll?.timer);
    poll?.answer(result);
  }

  function takeBatch(limit: number): RawUpdate[] {
    const fresh = pending.slice(0, limit);
    const batch = [...again, ...fresh];
    delivered = [...delivered.slice(-200), ...fresh].slice(-200);
    again = [];
    if (reverse && batch.length > 1) {
      reverse = false;
      batch.reverse();
    }
    return batch;
  }

  function wake(): void {
    if (waiting !== undefined && pending.length + again.length > 0) {
      settle(takeBatch(waiting.limit));
    }
  }

  function forget(offset: number): void {
    if (offset < 0) pending = pending.slice(offset);
    if (offset <= 0 || !isConfirmed(pending[0], offset)) return;
    // An offset far in the future is not ours: the server then answers from the oldest that waits.
    const lastId = Math.max(nextId - 1, pending.at(-1)?.update_id ?? 0);
    if (offset <= lastId + 10) pending = pending.filter((update) => !isConfirmed(update, offset));
  }

  const isWanted = (update: object): boolean => {
    const kind = Object.keys(update).find((key) => key !== "update_id") ?? "";
    return allowed === undefined ? !ON_REQUEST.has(kind) : allowed.has(kind);
  };

  return {
    webhookUrl: "",
    get pending() {
      return pending.length;
    },
    get polls() {
      return polls;
    },
    push(update) {
      const id = nextId++;
      if (isWanted(update)) pending.push({ update_id: id, ...update });
      wake();
      return id;
    },
    pushRaw(update) {
      pending.push(update as RawUpdate);
      wake();
    },
    poll(params, answer) {
      polls++;
      if (this.webhookUrl !== "") {
        answer(
          new BotApiError(
            409,
            "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
          ),
        );
        return () => undefined;
      }
      settle(
        new BotApiError(
          409,
          "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
        ),
      );
      allowed = readAllowed(params["allowed_updates"], allowed);
      const limit = Math.min(100, Math.max(1, readInteger(params["limit"], "limit") || 100));
      const timeout = Math.min(50, Math.max(0, readInteger(params["timeout"], "timeout")));
      forget(readInteger(params["offset"], "offset"));
      if (pending.length + again.length > 0 || timeout === 0) {
        answer(takeBatch(limit));
        return () => undefined;
      }
      const timer = setTimeout(() => settle([]), timeout * 1_000);
      const mine: WaitingPoll = { limit, answer, timer };
      waiting = mine;
      return () => {
        clearTimeout(timer);
        if (waiting === mine) waiting = undefined;
      };
    },
    redeliver(count) {
      again = delivered.slice(-count);
      wake();
    },
    reverseNext() {
      reverse = true;
    },
    restartIds(next) {
      if (pending.length > 0)
        throw new Error("Updates still wait; ids restart only in a quiet time.");
      nextId = next;
    },
    close: () => settle([]),
  };
}

/** What has no id (only `pushRaw` makes such) is confirmed by any offset, or it would come for ever. */
function isConfirmed(update: RawUpdate | undefined, offset: number): boolean {
  const id = update?.update_id;
  return typeof id !== "number" || id < offset;
}

function readInteger(value: unknown, name: string): number {
  if (value === undefined) return 0;
  const number = Number(value);
  if (!Number.isInteger(number)) throw badRequest(`invalid parameter "${name}" specified`);
  return number;
}

function readAllowed(
  value: unknown,
  before: ReadonlySet<string> | undefined,
): ReadonlySet<string> | undefined {
  if (value === undefined) return before;
  const list: unknown = typeof value === "string" ? JSON.parse(value) : value;
  if (!Array.isArray(list)) throw badRequest("can't parse allowed updates list JSON object");
  return list.length === 0 ? undefined : new Set(list.map(String));
}
