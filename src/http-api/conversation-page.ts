import type { ConversationItem, ConversationPage } from "../client/shapes/conversation.ts";
import { unixSeconds } from "../client/shapes/instant.ts";
import { toIso } from "../core/clock.ts";
import { formatButtonData } from "../core/delivery/button-data.ts";
import { AppError } from "../core/errors.ts";
import { listButtons } from "../core/rich-text/list-buttons.ts";
import type { RichText } from "../core/rich-text/rich-text.ts";
import { toMarkdown } from "../core/rich-text/to-markdown.ts";
import { toShownText } from "../core/rich-text/to-shown-text.ts";
import { withoutButtons } from "../core/rich-text/without-buttons.ts";
import { shorten } from "../core/shorten.ts";
import { messagesWithRuns, repliesWithRuns } from "../store/queries/conversation.ts";
import { openTurnsOfContext } from "../store/queries/runs.ts";
import type { Statement } from "../store/statement.ts";
import type { Reader } from "../store/store.ts";

/** Of a long answer only how it begins is read aloud. */
const MOST_SPOKEN = 600;

/** Where a page of a conversation begins: messages and replies are numbered apart. */
interface Position {
  readonly messageSeq: number;
  readonly replySeq: number;
}
const NEWEST: Position = { messageSeq: Number.MAX_SAFE_INTEGER, replySeq: Number.MAX_SAFE_INTEGER };

interface Entry {
  readonly item: ConversationItem;
  readonly atMs: number;
  readonly seq: number;
}

/** A page of a conversation, oldest item first. @throws AppError `invalid_input` for a `before` we never gave. */
export async function readConversation(
  store: Reader,
  input: {
    readonly contextId: string;
    readonly limit: number;
    readonly before: string | undefined;
  },
): Promise<ConversationPage> {
  const { contextId, limit } = input;
  const from = input.before === undefined ? NEWEST : parsePosition(input.before);
  const range = { contextId, limit: limit + 1 };
  const messages = (
    await store.all(messagesWithRuns, { ...range, beforeSeq: from.messageSeq })
  ).map(toMessageEntry);
  const replies = (await store.all(repliesWithRuns, { ...range, beforeSeq: from.replySeq })).map(
    toReplyEntry,
  );
  const turns = await store.all(openTurnsOfContext, { contextId });
  const newestFirst = mergeNewestFirst(messages, replies);
  const shown = newestFirst.slice(0, limit);
  // What waits for an approval does so for as long as people take: it is said by its card.
  const isWaiting = messages.some(
    ({ item }) => item.outcome === "pending" && item.run_state !== "parked",
  );
  const isRunning = turns.some(({ state }) => state !== "parked");
  return {
    context_id: contextId,
    items: shown.map(({ item }) => item).reverse(),
    count: shown.length,
    next_before: newestFirst.length > limit ? formatPosition(positionBefore(from, shown)) : null,
    is_working: isRunning || isWaiting,
  };
}

type MessageWithRun = RowOf<typeof messagesWithRuns>;
type ReplyWithRun = RowOf<typeof repliesWithRuns>;
type RowOf<S> = S extends Statement<infer _P, infer R> ? R : never;

function toMessageEntry(row: MessageWithRun): Entry {
  return {
    atMs: row.received_at_ms,
    seq: row.seq,
    item: {
      kind: "message",
      id: row.id,
      message_id: row.external_message_id,
      text: row.text,
      spoken: "",
      buttons: [],
      outcome: row.outcome,
      reason: row.reason ?? "",
      run_state: row.run_state ?? "",
      created_at_unix: unixSeconds(row.received_at_ms),
      created_at: toIso(row.received_at_ms),
    },
  };
}

function toReplyEntry(row: ReplyWithRun): Entry {
  const body = JSON.parse(row.body) as RichText;
  return {
    atMs: row.created_at_ms,
    seq: row.seq,
    item: {
      kind: "reply",
      id: row.id,
      message_id: row.message_id ?? "",
      text: toMarkdown(withoutButtons(body)),
      spoken: shorten(toShownText(body), MOST_SPOKEN),
      buttons: listButtons(body).map((button, index) => ({
        ...button,
        press_id: formatButtonData(row.said_by, index),
      })),
      outcome: "",
      reason: "",
      run_state: row.run_state ?? "",
      created_at_unix: unixSeconds(row.created_at_ms),
      created_at: toIso(row.created_at_ms),
    },
  };
}

/** Merges by time; each kind keeps its own order, also when the clock jumped. At the same instant the reply is newer. */
function mergeNewestFirst(messages: readonly Entry[], replies: readonly Entry[]): Entry[] {
  const merged: Entry[] = [];
  let nextMessage = 0;
  let nextReply = 0;
  while (nextMessage < messages.length || nextReply < replies.length) {
    const message = messages[nextMessage];
    const reply = replies[nextReply];
    if (message === undefined || (reply !== undefined && reply.atMs >= message.atMs)) {
      if (reply !== undefined) merged.push(reply);
      nextReply += 1;
    } else {
      merged.push(message);
      nextMessage += 1;
    }
  }
  return merged;
}

function positionBefore(from: Position, shown: readonly Entry[]): Position {
  const oldest = (kind: ConversationItem["kind"]): number | undefined =>
    shown.findLast(({ item }) => item.kind === kind)?.seq;
  return {
    messageSeq: oldest("message") ?? from.messageSeq,
    replySeq: oldest("reply") ?? from.replySeq,
  };
}

function formatPosition({ messageSeq, replySeq }: Position): string {
  return `m${messageSeq}.r${replySeq}`;
}

function parsePosition(text: string): Position {
  const match = /^m(\d{1,16})\.r(\d{1,16})$/.exec(text);
  if (match === null)
    throw new AppError("invalid_input", "before: use the next_before of the page before.");
  return { messageSeq: Number(match[1]), replySeq: Number(match[2]) };
}
