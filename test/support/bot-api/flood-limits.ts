import { tooManyRequests } from "./bot-api-error.ts";

export interface FloodLimits {
  readonly perSecond?: number;
  readonly perChatPerSecond?: number;
  /** How many a chat may get at once before its rate counts. Default 5. */
  readonly perChatBurst?: number;
}

/** Telegram's own limits, by the real clock. Off until given. */
export interface FloodGate {
  limits: FloodLimits;
  /** How many sends were refused. */
  refused: number;
  /** Throws 429 when the chat or the bot sends too fast. */
  pass(chatId: number): void;
}

export function createFloodGate(limits: FloodLimits): FloodGate {
  let recent: number[] = [];
  const chats = new Map<number, number>();

  function refuse(gate: FloodGate, waitMs: number): never {
    gate.refused++;
    throw tooManyRequests(Math.max(1, Math.ceil(waitMs / 1_000)));
  }

  function passBot(gate: FloodGate, perSecond: number, now: number): void {
    recent = recent.filter((at) => at > now - 1_000);
    if (recent.length >= perSecond) refuse(gate, (recent[0] ?? now) + 1_000 - now);
    recent.push(now);
  }

  function passChat(gate: FloodGate, chatId: number, perSecond: number, now: number): void {
    const interval = 1_000 / perSecond;
    const due = Math.max(now, chats.get(chatId) ?? 0);
    // A few milliseconds of grace: the sender's clock is not ours.
    const waitMs = due - ((gate.limits.perChatBurst ?? 5) - 1) * interval - now - 20;
    if (waitMs > 0) refuse(gate, waitMs);
    chats.set(chatId, due + interval);
  }

  return {
    limits,
    refused: 0,
    pass(chatId) {
      const { perSecond = 0, perChatPerSecond = 0 } = this.limits;
      const now = performance.now();
      if (perChatPerSecond > 0) passChat(this, chatId, perChatPerSecond, now);
      if (perSecond > 0) passBot(this, perSecond, now);
    },
  };
}
