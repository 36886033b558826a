import type { FetchResult, TakeBytes } from "../../core/message/inbound-file.ts";
import type { Address, InboundMessage } from "../../core/message/inbound-message.ts";
import type { Service } from "../../core/service.ts";
import { answerButton } from "./answer-button.ts";
import { createBeside } from "./beside.ts";
import type { BotIdentity } from "./bot-identity.ts";
import { createConnectionStatus } from "./connection-status.ts";
import { createSender, type TelegramSender } from "./create-sender.ts";
import { fetchFile } from "./fetch-file.ts";
import { identifyBot } from "./identify-bot.ts";
import { keepRunning } from "./keep-running.ts";
import { registerMenu } from "./menu.ts";
import { createPace } from "./pace.ts";
import { longestPollMs, pollUpdates } from "./poll-updates.ts";
import type { TelegramOptions, TelegramPorts } from "./ports.ts";
import { showTyping } from "./presence.ts";
import { createDraftShow, type ShowDraft } from "./show-draft.ts";
import { createTelegramApi } from "./telegram-api.ts";
import { createWorkGroup } from "./work-group.ts";

export interface TelegramConnector extends Service {
  readonly sender: TelegramSender;
  readonly files: {
    fetch(fileId: string, take: TakeBytes, signal: AbortSignal): Promise<FetchResult>;
  };
  readonly presence: { show(to: Address, signal: AbortSignal): void };
  readonly showDraft: ShowDraft;
  /** Who the bot is, for `https://t.me/<username>?start=<code>`. Undefined until Telegram has told. */
  identity(): BotIdentity | undefined;
  /** Milliseconds since Telegram last answered a poll: the sign of life of inbound work. Undefined before the first. */
  silentMs(): number | undefined;
  /** How long it may hear nobody after the machine has slept: until it notices that its connection is dead. */
  readonly deafAfterSleepMs: number;
}

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
  const works = createWorkGroup(log);
  let lifetime: AbortController | undefined;
  const beside = createBeside();
  let bot: BotIdentity | undefined;
  let polledMs: number | undefined;

  async function run(signal: AbortSignal): Promise<void> {
    const deps = { api, status, ports };
    const me = await identifyBot(deps, signal);
    bot = me;
    beside.open(signal);
    works.run(registerMenu({ ...ports, api }, me, options.menu, signal), signal);
    await pollUpdates(
      {
        ...deps,
        bot: me,
        pollSeconds: options.pollSeconds,
        onCommitted: (batch) => answerButtons(batch, signal),
        onPolled: () => {
          polledMs = clock.monotonicMs();
        },
      },
      signal,
    );
  }

  function showBeside(to: Address, work: AbortSignal): void {
    beside.begin(work, (signal) => {
      works.run(showTyping({ api, pace, clock }, to, signal), signal);
    });
  }

  function answerButtons(batch: readonly InboundMessage[], signal: AbortSignal): void {
    for (const { address, button } of batch) {
      if (button === undefined) continue;
      const press = { account: address.account, callbackId: button.callbackId };
      works.run(answerButton({ ...ports, api }, press, signal), signal);
    }
  }

  return {
    name: "telegram",
    start(signal) {
      if (signal.aborted) return Promise.reject(signal.reason);
      if (lifetime !== undefined) return Promise.resolve();
      lifetime = new AbortController();
      status.starting();
      works.run(keepRunning(ports, status, run, lifetime.signal), lifetime.signal);
      return Promise.resolve();
    },
    async stop() {
      beside.close();
      lifetime?.abort();
      await works.settled();
      lifetime = undefined;
      api.close();
    },
    sender: createSender({ ...ports, api, pace }),
    files: { fetch: (fileId, take, signal) => fetchFile(api, fileId, take, signal) },
    presence: { show: showBeside },
    showDraft: createDraftShow({ ...ports, api, pace, works, beside }),
    identity: () => bot,
    deafAfterSleepMs: longestPollMs(options.pollSeconds),
    silentMs: () => (polledMs === undefined ? undefined : clock.monotonicMs() - polledMs),
  };
}
