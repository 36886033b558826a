import { onTestFinished } from "vitest";
import type {
  ConnectorState,
  TelegramOptions,
  TelegramPorts,
} from "../../../src/connectors/telegram/ports.ts";
import { createTelegramConnector } from "../../../src/connectors/telegram/telegram-connector.ts";
import { NEVER } from "../../../src/core/abort.ts";
import type { Clock } from "../../../src/core/clock.ts";
import type { InboundMessage } from "../../../src/core/message/inbound-message.ts";
import { createFakeClock } from "../fake-clock.ts";
import { type BotApiServerOptions, startBotApiServer } from "./bot-api-server.ts";
import { createFactLog } from "./wait-for-fact.ts";

interface Receipt {
  readonly messages: readonly InboundMessage[];
  readonly cursor: { readonly account: string; readonly value: string };
}

interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export type OpenConnector = Awaited<ReturnType<typeof openConnector>>;

/**
 * A connector on a strict server, with a clock that stands still. It is not started. Everything the connector does to
 * the outside is a fact to wait for: batches received, states reported, waits begun.
 */
export async function openConnector(
  options: Partial<TelegramOptions> & { readonly server?: BotApiServerOptions } = {},
) {
  const server = await startBotApiServer(options.server);
  const fake = createFakeClock();
  const receipts = createFactLog<Receipt>("batch", true, ({ messages }) =>
    messages.map(({ text }) => text).join(" | "),
  );
  const reports = createFactLog<{ state: ConnectorState; detail: string }>(
    "report",
    true,
    ({ state, detail }) => `${state}: ${detail}`,
  );
  // Each a fact of its own: waits of one length are many.
  const waits = createFactLog<{ readonly ms: number }>("wait", true, ({ ms }) => String(ms));
  const moves: object[] = [];
  const waiting = new Set<object>();
  const log: LogLine[] = [];
  const settings = new Map<string, string>();
  let deciding: (callbackId: string, signal: AbortSignal) => Promise<string | undefined> = () =>
    Promise.resolve(undefined);
  let receiving: (receipt: Receipt) => Promise<void> = () => Promise.resolve();

  const clock: Clock = {
    ...fake,
    async sleep(durationMs, signal) {
      const one = {};
      waiting.add(one);
      const slept = fake.sleep(durationMs, signal);
      waits.add({ ms: durationMs });
      await slept.finally(() => waiting.delete(one));
    },
  };
  const ports: TelegramPorts = {
    clock,
    random: () => 0,
    log: { write: (level, message, fields = {}) => void log.push({ level, message, fields }) },
    async receive(messages, cursor) {
      await receiving({ messages, cursor });
      receipts.add({ messages, cursor });
    },
    decideOnPress: (_account, callbackId, signal) => deciding(callbackId, signal),
    chatMoved: async (move) => void moves.push(move),
    readSetting: async (key) => settings.get(key),
    writeSetting: async (key, value) => void settings.set(key, value),
    report: (state, detail) => reports.add({ state, detail }),
  };
  const connector = createTelegramConnector(
    {
      token: server.token,
      apiBase: server.url,
      pollSeconds: 25,
      maxPerSecond: 0,
      maxPerChatPerSecond: 0,
      menu: [],
      ...options,
    },
    ports,
  );
  onTestFinished(async () => {
    await connector.stop();
    await server.close();
    for (const facts of [receipts, reports, waits]) facts.close();
  });

  return {
    server,
    connector,
    ports,
    clock: { ...clock, advance: fake.advance, jump: fake.jump },
    log,
    moves,
    settings,
    receipts: receipts.all,
    reports: reports.all,
    nextReceipt: receipts.next,
    nextReport: (state: ConnectorState) => reports.next((report) => report.state === state),
    /** Settles once something sleeps that long; each sleep counts once. */
    nextWait: (durationMs: number) => waits.next(({ ms }) => ms === durationMs),
    /** How many sleeps and calls (each has its timeout) are under way. */
    underWay: () => waiting.size,
    /** What storing a batch does from now on, before it counts as received. */
    onReceive(act: (receipt: Receipt) => Promise<void>): void {
      receiving = act;
    },
    /** How presses of buttons are decided from now on. */
    onPress(decide: typeof deciding): void {
      deciding = decide;
    },
    start: () => connector.start(NEVER),
    /** Settles once a long poll waits at the server. */
    async started(): Promise<void> {
      await connector.start(NEVER);
      await server.nextRequest(
        ({ method, values }) => method === "getUpdates" && Number(values["timeout"]) > 0,
      );
    },
  };
}
