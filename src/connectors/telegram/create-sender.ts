import type {
  ButtonsChange,
  ChangeResult,
  OutboundSend,
  PartChange,
  PartResult,
  SendResult,
  SentMessage,
} from "../../core/delivery/outbound-part.ts";
import type { Address } from "../../core/message/inbound-message.ts";
import { changeButtons } from "./change-buttons.ts";
import { removeMessage, replaceMessage } from "./change-message.ts";
import { parsePlace } from "./chat-place.ts";
import type { Pace } from "./pace.ts";
import type { TelegramPorts } from "./ports.ts";
import { sendPart } from "./send.ts";
import type { TelegramApi } from "./telegram-api.ts";

export interface TelegramSender {
  send(message: OutboundSend, signal: AbortSignal): Promise<SendResult>;
  changeButtons(change: ButtonsChange, signal: AbortSignal): Promise<ChangeResult>;
  readonly edits: {
    replace(change: PartChange, signal: AbortSignal): Promise<PartResult>;
    remove(message: SentMessage, signal: AbortSignal): Promise<ChangeResult>;
    takeSpareSlot(externalId: string): boolean;
  };
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
  async function change<T extends PartResult>({ to }: SentMessage, result: Promise<T>): Promise<T> {
    const known = await result;
    if (known.kind === "not_done") pause(to, known.retryAfterMs);
    return known;
  }
  return {
    async send(message, signal) {
      const result = await sendPart(api, message, signal, (to) => follow(message.to, to));
      if (result.kind === "not_sent") pause(message.to, result.retryAfterMs);
      return result;
    },
    changeButtons: (wanted, signal) => change(wanted, changeButtons(api, wanted, signal)),
    edits: {
      replace: (wanted, signal) => change(wanted, replaceMessage(api, wanted, signal)),
      remove: (message, signal) => change(message, removeMessage(api, message, signal)),
      takeSpareSlot: (externalId) =>
        pace.takeSpareSlot(parsePlace(externalId).chatId, clock.monotonicMs()),
    },
    reserveSlot: (externalId) =>
      pace.reserveSlot(parsePlace(externalId).chatId, clock.monotonicMs()),
  };
}
