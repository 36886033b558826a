import type {
  ButtonsChange,
  ButtonsResult,
  OutboundSend,
  SendResult,
} from "../../core/delivery/outbound-part.ts";
import type { Address } from "../../core/message/inbound-message.ts";
import { changeButtons } from "./change-buttons.ts";
import { parsePlace } from "./chat-place.ts";
import type { Pace } from "./pace.ts";
import type { TelegramPorts } from "./ports.ts";
import { sendPart } from "./send.ts";
import type { TelegramApi } from "./telegram-api.ts";

export interface TelegramSender {
  send(message: OutboundSend, signal: AbortSignal): Promise<SendResult>;
  changeButtons(change: ButtonsChange, signal: AbortSignal): Promise<ButtonsResult>;
  reserveSlot(externalId: string): number;
}

interface Deps extends Pick<TelegramPorts, "clock" | "log" | "chatMoved"> {
  readonly api: TelegramApi;
  readonly pace: Pace;
}

/** Sends and changes at the bot's pace: a chat that was told to wait rests. */
export function createSender({ api, pace, clock, log, chatMoved }: Deps): TelegramSender {
  function pause(to: Address, retryAfterMs: number | undefined): void {
    const now = clock.monotonicMs();
    if (retryAfterMs !== undefined)
      pace.pause(parsePlace(to.externalId).chatId, now + retryAfterMs, now);
  }
  /** The reply is sent there in any case; Telegram says it again with the next one. */
  async function follow({ account, externalId }: Address, to: string): Promise<void> {
    try {
      await chatMoved({ account, from: parsePlace(externalId).chatId, to });
    } catch (error) {
      log.write("warn", "chat not moved", { connector: "telegram", error });
    }
  }
  return {
    async send(message, signal) {
      const result = await sendPart(api, message, signal, (to) => follow(message.to, to));
      if (result.kind === "not_sent") pause(message.to, result.retryAfterMs);
      return result;
    },
    async changeButtons(change, signal) {
      const result = await changeButtons(api, change, signal);
      if (result.kind === "not_done") pause(change.to, result.retryAfterMs);
      return result;
    },
    reserveSlot: (externalId) =>
      pace.reserveSlot(parsePlace(externalId).chatId, clock.monotonicMs()),
  };
}
