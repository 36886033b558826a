import type { EpochMs } from "../../core/clock.ts";
import type { OutboundSend, SendResult } from "../../core/delivery/outbound-part.ts";
import type { Address, InboundMessage } from "../../core/message/inbound-message.ts";
import type { Service } from "../../core/service.ts";
import type { BotIdentity } from "./bot-identity.ts";
import { createConnectionStatus } from "./connection-status.ts";
import { identifyBot } from "./identify-bot.ts";
import { registerMenu } from "./menu.ts";
import { createPace } from "./pace.ts";
import { pollUpdates } from "./poll-updates.ts";
import type { TelegramOptions, TelegramPorts } from "./ports.ts";
import { showTyping } from "./presence.ts";
import { sendPart } from "./send.ts";
import { createTelegramApi } from "./telegram-api.ts";

export interface TelegramConnector extends Service {
  readonly sender: {
    send(message: OutboundSend, signal: AbortSignal): Promise<SendResult>;
    reserveSlot(externalId: string, now: EpochMs): EpochMs;
  };
  readonly presence: { show(to: Address, signal: AbortSignal): void };
  /** Who the bot is, for `https://t.me/<username>?start=<code>`. Undefined until Telegram has told. */
  identity(): BotIdentity | undefined;
  /** When Telegram last answered a poll: the sign of life of inbound work. */
  lastPolledAtMs(): EpochMs | undefined;
}

const ANSWER_TIMEOUT_MS = 10_000;

/**
 * One Telegram bot: polls for messages, sends parts, shows typing. `start` settles at once; what goes wrong later
 * is reported and tried again, and never stops the rest of the runtime.
 */
export function createTelegramConnector(
  options: TelegramOptions,
  ports: TelegramPorts,
): TelegramConnector {
  const { clock, log } = ports;
  const api = createTelegramApi(options.token, options.apiBase, clock);
  const pace = createPace(options.maxPerSecond, options.maxPerChatPerSecond);
  const status = createConnectionStatus(ports);
  const running = new Set<Promise<void>>();
  let lifetime: AbortController | undefined;
  let bot: BotIdentity | undefined;
  let lastPolledAtMs: EpochMs | undefined;

  /** Runs beside the rest until it ends or we stop; then its rejection is the stop itself. */
  function runBeside(work: Promise<void>, signal: AbortSignal): void {
    const guarded = work
      .catch((error: unknown) => {
        if (!signal.aborted)
          log.write("error", "telegram work failed", { connector: "telegram", error });
      })
      .finally(() => running.delete(guarded));
    running.add(guarded);
  }

  async function run(signal: AbortSignal): Promise<void> {
    const deps = { api, status, ports };
    const me = await identifyBot(deps, signal);
    bot = me;
    runBeside(registerMenu({ ...ports, api }, me, options.menu, signal), signal);
    await pollUpdates(
      {
        ...deps,
        bot: me,
        pollSeconds: options.pollSeconds,
        onCommitted: (batch) => answerButtons(batch, signal),
        onPolled: () => {
          lastPolledAtMs = clock.now();
        },
      },
      signal,
    );
  }

  /** Takes the waiting look off pressed buttons. Best effort: the press itself is stored. */
  function answerButtons(batch: readonly InboundMessage[], signal: AbortSignal): void {
    for (const { button } of batch) {
      if (button !== undefined) runBeside(answerButton(button.callbackId, signal), signal);
    }
  }

  async function answerButton(callbackId: string, signal: AbortSignal): Promise<void> {
    const result = await api.call(
      (raw, limited) =>
        raw.answerCallbackQuery({ callback_query_id: callbackId }, limited as never),
      ANSWER_TIMEOUT_MS,
      signal,
    );
    if (!result.ok) {
      log.write("debug", "button not answered", {
        connector: "telegram",
        error: result.failure.text,
      });
    }
  }

  return {
    name: "telegram",
    start(signal) {
      if (signal.aborted) return Promise.reject(signal.reason);
      if (lifetime !== undefined) return Promise.resolve();
      lifetime = new AbortController();
      status.starting();
      runBeside(run(lifetime.signal), lifetime.signal);
      return Promise.resolve();
    },
    async stop() {
      lifetime?.abort();
      while (running.size > 0) await Promise.all(running);
      lifetime = undefined;
      api.close();
    },
    sender: {
      async send(message, signal) {
        const result = await sendPart(api, message, signal);
        if (result.kind === "not_sent" && result.retryAfterMs !== undefined) {
          const now = clock.now();
          pace.pause(message.to.externalId, now + result.retryAfterMs, now);
        }
        return result;
      },
      reserveSlot: pace.reserveSlot,
    },
    presence: {
      show(to, signal) {
        if (lifetime === undefined || bot === undefined) return;
        const either = AbortSignal.any([signal, lifetime.signal]);
        runBeside(showTyping({ api, pace, clock }, to, either), either);
      },
    },
    identity: () => bot,
    lastPolledAtMs: () => lastPolledAtMs,
  };
}
