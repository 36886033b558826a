import telegramTestApi from "telegram-test-api";
import { afterEach, expect, test } from "vitest";
import { findFreePort } from "../support/find-free-port.ts";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { ownerCode } from "../support/pair-people.ts";

/** Its types do not match what it exports, so this is what is used of it. */
interface OutsideServer {
  readonly config: { readonly apiURL: string };
  start(): Promise<void>;
  stop(): Promise<boolean>;
  getClient(token: string, options: object): OutsideClient;
}
interface OutsideClient {
  makeMessage(text: string): object;
  makeCommand(text: string): object;
  makeCallbackQuery(data: string): object;
  sendMessage(message: object): Promise<unknown>;
  sendCommand(message: object): Promise<unknown>;
  sendCallback(query: object): Promise<unknown>;
  getUpdates(): Promise<{ readonly result: readonly { readonly message: OutsideMessage }[] }>;
}
interface OutsideMessage {
  readonly text: string;
  readonly reply_markup?: { inline_keyboard: { text: string; callback_data: string }[][] };
}
const TelegramServer = telegramTestApi as unknown as new (options: object) => OutsideServer;

/** What this server gives every bot as its id. */
const TOKEN = "666:AAtoken-of-the-server-from-outside-1";

let t: TestRuntime;
let server: OutsideServer | undefined;
afterEach(async () => {
  await t.close();
  await server?.stop();
});

test("help, pairing, a conversation and a button work over a server that somebody else wrote", async () => {
  const outside = new TelegramServer({ port: await findFreePort(), host: "127.0.0.1" });
  server = outside;
  await outside.start();
  t = await openTestRuntime({
    telegram: true,
    env: { TELEGRAM_TOKEN: TOKEN, TELEGRAM_API_BASE: outside.config.apiURL },
  });
  const client = outside.getClient(TOKEN, {
    userId: 42,
    chatId: 42,
    firstName: "Olga",
    timeout: 30_000,
  });

  /** The next thing the bot says; it comes alone, because nothing else was asked. */
  async function read(): Promise<OutsideMessage> {
    const { result } = await client.getUpdates();
    expect(result).toHaveLength(1);
    return result[0]?.message ?? { text: "" };
  }

  await client.sendCommand(client.makeCommand("/help"));
  expect((await read()).text).toContain("/pair");
  await client.sendCommand(client.makeCommand(`/start ${await ownerCode(t)}`));
  expect((await read()).text).toContain("with the role overlord");
  await client.sendMessage(client.makeMessage("Can you show my tasks?"));
  const offer = await read();
  const button = offer.reply_markup?.inline_keyboard.flat()[0];
  expect(button?.text).toBe("Show the tasks");
  await client.sendCallback(client.makeCallbackQuery(button?.callback_data ?? ""));
  expect((await read()).text).toContain("There are no tasks here yet.");
  await t.idle();
});
