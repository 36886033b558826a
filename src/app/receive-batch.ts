import type { Clock } from "../core/clock.ts";
import { AppError, ERROR_POLICY } from "../core/errors.ts";
import { newId } from "../core/ids.ts";
import type { Log } from "../core/log.ts";
import type { InboundMessage } from "../core/message/inbound-message.ts";
import {
  type Received,
  type ReceiveOptions,
  receiveMessages,
} from "../operations/receive-messages.ts";
import { commitDecision } from "../store/commit-decision.ts";
import type { Store } from "../store/store.ts";

/** So often in a row, each time later, a message that nothing can be made of holds up what comes after it. */
const MOST_TRIES = 5;
/** A constraint or the kind of a value: SQLite's names, and the classes 22 and 23 of Postgres. */
const REFUSED_BY_A_RULE = /^(?:SQLITE_(?:CONSTRAINT|MISMATCH|TOOBIG)|2[23][0-9A-Z]{3}$)/;

interface Deps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
}

type Options = Omit<ReceiveOptions, "firstId">;
type Messages = Received["messages"];

/**
 * Takes in batches of a connector, each settled once all of it and then its cursor are committed; only then may the
 * platform forget it. No batch can stop what comes after it for good: one that cannot be received as a whole is received
 * message by message, and of one that still cannot be, after several tries, only that it came is put on record. When it is
 * the store that fails, the cursor cannot be committed either, so all of it comes again.
 */
export function createBatchReceiver(deps: Deps) {
  let stuck = { id: "", tries: 0 };

  async function receiveBatch(
    batch: readonly InboundMessage[],
    options: Options = {},
  ): Promise<Messages> {
    const { cursor: _, ...withoutCursor } = options;
    const parts = splitAtMoves(batch);
    const messages: Messages[number][] = [];
    for (const [index, part] of parts.entries()) {
      const isLast = index === parts.length - 1;
      messages.push(...(await receivePart(part, isLast ? options : withoutCursor)));
    }
    return messages;
  }

  async function receivePart(part: readonly InboundMessage[], options: Options): Promise<Messages> {
    try {
      return await commitMessages(deps, part, options);
    } catch (error) {
      if (!isItsOwnFault(error) || part.length === 0) throw error;
    }
    const { cursor, ...withoutCursor } = options;
    const messages: Messages[number][] = [];
    for (const message of part) messages.push(...(await receiveOne(message, withoutCursor)));
    if (cursor !== undefined) await commitMessages(deps, [], { cursor });
    return messages;
  }

  async function receiveOne(message: InboundMessage, options: Options): Promise<Messages> {
    try {
      return await commitMessages(deps, [message], options);
    } catch (error) {
      const { externalMessageId: id } = message;
      stuck = { id, tries: stuck.id === id ? stuck.tries + 1 : 1 };
      if (!isItsOwnFault(error) || stuck.tries < MOST_TRIES) throw error;
      return await leaveOut(message, options, error);
    }
  }

  /** Nothing of it but that it came: what cannot be received may be any part of it. */
  async function leaveOut(
    message: InboundMessage,
    options: Options,
    error: unknown,
  ): Promise<Messages> {
    const { address, externalMessageId } = message;
    const fields = { connector: address.connector, externalMessageId };
    deps.log.write("error", "a message cannot be received; it is left out", { ...fields, error });
    try {
      return await commitMessages(deps, [withoutWords(message)], options);
    } catch (failure) {
      if (!isItsOwnFault(failure)) throw failure;
      deps.log.write("error", "a message that is left out cannot be recorded either", {
        ...fields,
        error: failure,
      });
      return [];
    }
  }

  return receiveBatch;
}

/** A move changes which conversations there are: what comes before and after it in a batch is decided apart from it. */
function splitAtMoves(batch: readonly InboundMessage[]): readonly (readonly InboundMessage[])[] {
  const parts: InboundMessage[][] = [[]];
  for (const message of batch) {
    const [last] = parts.at(-1) ?? [];
    const isApart = last !== undefined && (last.movedFrom ?? message.movedFrom) !== undefined;
    if (isApart) parts.push([]);
    parts.at(-1)?.push(message);
  }
  return parts;
}

async function commitMessages(
  { store, clock }: Deps,
  batch: readonly InboundMessage[],
  options: Options,
): Promise<Messages> {
  const firstId = newId("msg");
  const step = { name: "receive-messages", actor: "system", cause: firstId };
  const { messages } = await commitDecision({ store, clock }, step, (now) =>
    receiveMessages({ store, now }, batch, { ...options, firstId }),
  );
  return messages;
}

function withoutWords({ address, externalMessageId, chat, sentAtMs }: InboundMessage) {
  return {
    address,
    externalMessageId,
    kind: "other",
    chat,
    sender: undefined,
    text: "",
    addressed: false,
    dropReason: "not_received",
    sentAtMs,
  } as const;
}

/**
 * Whether it is the message that cannot be received: our own code failed over it, a rule of the store refuses it, or it
 * never stood still. Anything else, a full disk above all, may pass, and no words are given up for it.
 */
function isItsOwnFault(error: unknown): boolean {
  if (error instanceof AppError) return !ERROR_POLICY[error.code].retryable;
  if (error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError)
    return true;
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === "string" && REFUSED_BY_A_RULE.test(code);
}
