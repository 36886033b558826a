import type { FileSource, Presence } from "../agent/ports.ts";
import type { Config } from "../config/config.ts";
import type { ConnectorState } from "../connectors/telegram/ports.ts";
import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import type { ConnectorName } from "../core/message/inbound-message.ts";
import { systemRandom } from "../core/random.ts";
import type { Service } from "../core/service.ts";
import type { Channel } from "../delivery/ports.ts";
import { telegramFormat } from "../delivery/render/telegram.ts";
import { COMMANDS, mayUse } from "../gateway/commands/commands.ts";
import type { ChannelHealth } from "../health/ports.ts";
import type { ChannelState } from "../http-api/ports.ts";
import { type ChatMove, relocateContext } from "../operations/relocate-context.ts";
import type { JobEngine } from "../orchestrator/engine.ts";
import { withLease } from "../orchestrator/with-lease.ts";
import { commitDecision } from "../store/commit-decision.ts";
import { settingByKey } from "../store/queries/settings.ts";
import type { Store } from "../store/store.ts";
import { answerOfPress } from "./answer-of-press.ts";
import { createChannelWatch } from "./channel-health.ts";
import { createBatchReceiver } from "./receive-batch.ts";
import type { DraftChannel } from "./show-drafts.ts";

export interface ConnectedChannel extends DraftChannel {
  readonly service: Service;
  readonly channels: ReadonlyMap<ConnectorName, Channel>;
  readonly files: ReadonlyMap<ConnectorName, FileSource>;
  readonly presence: Presence;
  listStates(): readonly ChannelState[];
  /** The same with more words: its last sign of life and its last trouble. */
  describeStates(): readonly ChannelState[];
  measure(): readonly ChannelHealth[];
  /** The bot's name, once Telegram has told it. */
  botName(): string | undefined;
  /** Whether the bot is given all that is said in groups; `undefined` before Telegram has told. */
  hearsGroups(): boolean | undefined;
  /** As its connector's; 0 for none. */
  readonly deafAfterSleepMs: number;
}

interface TelegramDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly config: Config;
  readonly engine: JobEngine;
}

/** Binds the Telegram connector to the inbox, the outbox and the settings; nothing of it is loaded without a token. */
export async function connectTelegram(deps: TelegramDeps): Promise<ConnectedChannel> {
  const { token } = deps.config.telegram;
  if (token === undefined) return NO_TELEGRAM;
  const { createTelegramConnector } = await import("../connectors/telegram/telegram-connector.ts");
  const { pollSeconds } = deps.config.telegram;
  const watch = createChannelWatch({
    connector: "telegram",
    clock: deps.clock,
    waitMs: pollSeconds * 1_000,
    silentMs: () => connector.silentMs(),
  });
  const receiveBatch = createBatchReceiver(deps);
  const connector = createTelegramConnector(
    {
      token,
      apiBase: deps.config.telegram.apiBase,
      pollSeconds,
      maxPerSecond: deps.config.telegram.maxPerSecond,
      maxPerChatPerSecond: deps.config.telegram.maxPerChatPerSecond,
      menu: deps.config.gateway.commandSyncEnabled ? menu() : [],
    },
    {
      clock: deps.clock,
      random: systemRandom,
      log: deps.log,
      async receive(batch, cursor) {
        await receiveBatch(batch, { cursor: { connector: "telegram", ...cursor } });
      },
      decideOnPress: (account, callbackId, signal) =>
        answerOfPress(deps.store, { account, callbackId }, signal),
      chatMoved: (move) => moveChat(deps, move),
      readSetting: async (key) => (await deps.store.first(settingByKey, { key }))?.value,
      writeSetting: (key, value) => writeSetting(deps, key, value),
      report(state, message) {
        const account = connector.identity()?.username ?? "";
        watch.report({ account, state: CHANNEL_STATE[state], message });
      },
    },
  );
  const botId = token.split(":", 1)[0] ?? "";
  return {
    service: withLease(deps, `connector:telegram:${botId}`, connector),
    channels: new Map([
      ["telegram", { account: botId, format: telegramFormat, sender: connector.sender }],
    ]),
    files: new Map([["telegram", { account: botId, fetch: connector.files.fetch }]]),
    presence: {
      show: (to, signal) => {
        if (to.connector === "telegram") connector.presence.show(to, signal);
      },
    },
    showDraft: (to, text, signal) =>
      to.connector === "telegram" ? connector.showDraft(to, text, signal) : undefined,
    listStates: () => [watch.judge()],
    describeStates: () => [watch.describe()],
    measure: () => [watch.measure()],
    botName: () => connector.identity()?.username,
    hearsGroups: () => connector.identity()?.hearsGroups,
    deafAfterSleepMs: connector.deafAfterSleepMs,
  };
}

const CHANNEL_STATE = {
  starting: "starting",
  connected: "running",
  degraded: "degraded",
  failed: "stopped",
} as const satisfies Record<ConnectorState, ChannelState["state"]>;

/** Where there is no token. */
export const NO_TELEGRAM: ConnectedChannel = {
  service: { name: "telegram", start: async () => undefined, stop: async () => undefined },
  channels: new Map(),
  files: new Map(),
  presence: { show: () => undefined },
  showDraft: () => undefined,
  listStates: () => [],
  describeStates: () => [],
  measure: () => [],
  botName: () => undefined,
  hearsGroups: () => undefined,
  deafAfterSleepMs: 0,
};

/** What members may use: everybody reads the same menu. */
function menu() {
  return COMMANDS.filter((command) => mayUse("member", command, "private")).map(
    ({ name, summary }) => ({
      command: name,
      description: summary,
    }),
  );
}

async function moveChat(deps: TelegramDeps, move: Omit<ChatMove, "connector">): Promise<void> {
  const step = { name: "move-chat", actor: "system", cause: `telegram:${move.to}` };
  await commitDecision(deps, step, async () => {
    const { effects } = await relocateContext(deps.store, { connector: "telegram", ...move });
    return { effects, seen: [] };
  });
}

async function writeSetting(deps: TelegramDeps, key: string, value: string): Promise<void> {
  await commitDecision(deps, { name: "set-setting", actor: "system", cause: key }, async () => ({
    effects: [{ type: "set-setting", key, value }],
    seen: [],
  }));
}
