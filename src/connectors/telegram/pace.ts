import { createBotSlots } from "./bot-slots.ts";

/** When this bot may send next. Plain arithmetic over a `now` that is given, in monotonic milliseconds. */
export interface Pace {
  /** How long the next send to this chat must wait, in milliseconds; its slot is taken. */
  reserveSlot(externalId: string, now: number): number;
  /** Takes a slot for a best-effort call that nothing else will need soon; false: there is none, leave it out. */
  takeSpareSlot(externalId: string, now: number): boolean;
  /** Telegram asked to wait: the chat rests, and the whole bot when a second chat is told the same meanwhile. */
  pause(externalId: string, until: number, now: number): void;
  /** Whether a best-effort call to this chat should rather be left out. */
  isPaused(externalId: string, now: number): boolean;
  /** How many chats are remembered. */
  readonly size: number;
}

interface ChatPace {
  /** When the chat's bucket is full again. */
  fullAt: number;
  pausedUntil: number;
  /** When what it got lately was sent, of a group. */
  recent: readonly number[];
}

const CHAT_BURST = 5;
/** What is left of the burst for replies. */
const KEPT_FOR_REPLIES = 3;
const MOST_CHATS = 10_000;
/** Telegram lets a bot say twenty things a minute in a group; best-effort calls leave some of them for replies. */
const GROUP_WINDOW_MS = 60_000;
const MOST_IN_GROUP = 15;

/** `maxPerSecond` and `maxPerChatPerSecond`: 0 sets no pace of our own; 429 is obeyed all the same. */
export function createPace(maxPerSecond: number, maxPerChatPerSecond: number): Pace {
  const chats = new Map<string, ChatPace>();
  const botSlots = createBotSlots(maxPerSecond);
  const chatMs = maxPerChatPerSecond > 0 ? 1_000 / maxPerChatPerSecond : 0;
  let botPausedUntil = 0;

  function chatOf(externalId: string, now: number): ChatPace {
    const known = chats.get(externalId);
    if (known !== undefined) return known;
    if (chats.size >= MOST_CHATS) forgetIdle(now);
    const fresh = { fullAt: 0, pausedUntil: 0, recent: [] };
    chats.set(externalId, fresh);
    return fresh;
  }

  function forgetIdle(now: number): void {
    for (const [id, chat] of chats) {
      if (chat.fullAt <= now && chat.pausedUntil <= now) chats.delete(id);
    }
    const [oldest] = chats.keys();
    if (chats.size >= MOST_CHATS && oldest !== undefined) chats.delete(oldest);
  }

  function takeChatSlot(chat: ChatPace, now: number): number {
    if (chatMs === 0) return now;
    const fullAt = Math.max(now, chat.fullAt);
    chat.fullAt = fullAt + chatMs;
    return Math.max(now, fullAt - (CHAT_BURST - 1) * chatMs);
  }

  function count(externalId: string, chat: ChatPace, at: number): void {
    if (isGroup(externalId)) chat.recent = [...chat.recent, at].slice(-MOST_IN_GROUP);
  }

  return {
    reserveSlot(externalId, now) {
      const chat = chatOf(externalId, now);
      const from = Math.max(now, botPausedUntil, chat.pausedUntil);
      const slot = botSlots.take(takeChatSlot(chat, from), now);
      count(externalId, chat, slot);
      return slot - now;
    },
    takeSpareSlot(externalId, now) {
      if (this.isPaused(externalId, now)) return false;
      const chat = chatOf(externalId, now);
      const fullAt = Math.max(now, chat.fullAt) + chatMs;
      if (fullAt - now > (CHAT_BURST - KEPT_FOR_REPLIES) * chatMs) return false;
      const [first = 0] = chat.recent;
      if (chat.recent.length >= MOST_IN_GROUP && first > now - GROUP_WINDOW_MS) return false;
      if (!botSlots.takeSpare(now)) return false;
      chat.fullAt = fullAt;
      count(externalId, chat, now);
      return true;
    },
    pause(externalId, until, now) {
      const others = [...chats].some(([id, chat]) => id !== externalId && chat.pausedUntil > now);
      if (others) botPausedUntil = Math.max(botPausedUntil, until);
      const chat = chatOf(externalId, now);
      chat.pausedUntil = Math.max(chat.pausedUntil, until);
    },
    isPaused(externalId, now) {
      return botPausedUntil > now || (chats.get(externalId)?.pausedUntil ?? 0) > now;
    },
    get size() {
      return chats.size;
    },
  };
}

/** https://core.telegram.org/bots/api#chat: ids of groups are negative. */
function isGroup(externalId: string): boolean {
  return externalId.startsWith("-");
}
