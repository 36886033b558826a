import { describe, expect, it } from "vitest";
import type { Fault } from "../../../test/support/bot-api/faults.ts";
import { openConnector } from "../../../test/support/bot-api/open-connector.ts";
import type { MenuEntry } from "./ports.ts";

const HELP: MenuEntry = { command: "help", description: "What you can do here" };
const KEY = "telegram-menu:700100200";
const calls = ({ server }: Awaited<ReturnType<typeof openConnector>>) =>
  server.requests.filter(({ method }) => method === "setMyCommands").length;

/** Starts, and settles when the menu was dealt with: the poll goes on beside it. */
async function open(menu: readonly MenuEntry[]) {
  const t = await openConnector({ menu });
  await t.started();
  return t;
}

async function registered(t: Awaited<ReturnType<typeof openConnector>>): Promise<string> {
  await t.server.nextRequest(({ method }) => method === "setMyCommands");
  await expect.poll(() => t.settings.get(KEY)).toBeDefined();
  return t.settings.get(KEY) ?? "";
}

describe("the menu", () => {
  it("is written as Telegram takes it", async () => {
    const t = await open([
      { command: "/Pair-Me-Now", description: "  Pair me  " },
      { command: "x".repeat(40), description: "y".repeat(300) },
      { command: "half", description: `${"z".repeat(255)}😀` },
      { command: "wörter", description: "not a name Telegram takes" },
      { command: "empty", description: "  " },
    ]);
    await registered(t);
    expect(t.server.commands).toEqual([
      { command: "pair_me_now", description: "Pair me" },
      { command: "x".repeat(32), description: "y".repeat(256) },
      { command: "half", description: `${"z".repeat(255)}\uFFFD` },
    ]);
  });

  it("holds at most a hundred entries", async () => {
    const t = await open(Array.from({ length: 120 }, (_, n) => ({ ...HELP, command: `c${n}` })));
    await registered(t);
    expect(t.server.commands).toHaveLength(100);
  });

  it("is registered once over restarts, and again when it changed or the bot is another", async () => {
    const first = await open([HELP]);
    const hash = await registered(first);
    await first.connector.stop();
    await first.started();
    expect(calls(first)).toBe(1);

    const changed = await openConnector({ menu: [{ ...HELP, description: "Help" }] });
    changed.settings.set(KEY, hash);
    await changed.start();
    await changed.server.nextRequest(({ method }) => method === "setMyCommands");

    const other = await openConnector({ menu: [HELP], server: { token: "5:AAanother-bot_token" } });
    other.settings.set(KEY, hash);
    await other.start();
    await other.server.nextRequest(({ method }) => method === "setMyCommands");
  });

  it("that is empty leaves Telegram's alone", async () => {
    const t = await open([]);
    await t.connector.stop();
    expect(calls(t)).toBe(0);
    expect([...t.settings]).toEqual([]);
  });

  it("waits as long as it is told, and is not taken for registered before", async () => {
    const t = await openConnector({ menu: [HELP] });
    t.server.fault("setMyCommands", { kind: "flood", retryAfter: 77 });
    await t.start();
    await t.nextWait(77_000);
    expect(t.settings.size).toBe(0);
    // The poll is not held up, and not cut off by this either.
    t.clock.advance(30_000);
    t.clock.advance(47_000);
    await registered(t);
    expect(calls(t)).toBe(2);
  });

  it.each<[string, Fault, number]>([
    ["five times when it fails", { kind: "status", status: 502 }, 5],
    ["once when it is refused", { kind: "refuse", status: 400, description: "no" }, 1],
  ])("is tried %s, and at the next start again", async (_, fault, tries) => {
    const t = await openConnector({ menu: [HELP] });
    t.server.fault("setMyCommands", fault, tries);
    await t.start();
    for (let n = 0; n < tries; n++) {
      await t.server.nextRequest(({ method }) => method === "setMyCommands");
      if (tries === 1) continue;
      await t.nextWait(1_000 * 2 ** n);
      t.clock.advance(1_000 * 2 ** n);
    }
    await t.connector.stop();
    expect(calls(t)).toBe(tries);
    expect(t.settings.size).toBe(0);
    await t.start();
    await registered(t);
  });
});
