import { inspect } from "node:util";
import { describe, expect, it, test } from "vitest";
import type { Fault } from "../../../test/support/bot-api/faults.ts";
import { openConnector } from "../../../test/support/bot-api/open-connector.ts";
import { NEVER } from "../../core/abort.ts";
import type { OutboundSend } from "../../core/delivery/outbound-part.ts";

const isPoll = ({ method }: { readonly method: string }) => method === "getUpdates";

function toAda(extra: Partial<OutboundSend["part"]> = {}): OutboundSend {
  return {
    to: { connector: "telegram", account: "700100200", externalId: "123" },
    part: { formatted: "hi", plain: "hi", buttons: [], ...extra },
    format: "formatted",
    replyToExternalId: undefined,
  };
}

async function open(options: Parameters<typeof openConnector>[0] = {}) {
  const t = await openConnector(options);
  const user = t.server.user(123, "Ada");
  const chat = t.server.privateChat(user);
  return { ...t, user, chat, say: (text: string) => t.server.say(chat, user, text) };
}

describe("starting", () => {
  it("learns whether the bot is given all that is said in groups", async () => {
    const t = await openConnector({ server: { hearsGroups: false } });
    await t.started();
    expect(t.connector.identity()).toMatchObject({ hearsGroups: false });
  });

  it("settles before Telegram has answered, and tells who the bot is once it knows", async () => {
    const t = await open();
    t.server.fault("getMe", { kind: "silent" });
    await t.start();
    expect(t.connector.identity()).toBeUndefined();
    expect(t.connector.silentMs()).toBeUndefined();
    expect(t.reports.map(({ state }) => state)).toEqual(["starting"]);
    await t.server.nextRequest();
    await t.nextWait(15_000);
    t.clock.advance(15_000);
    await t.nextWait(1_000);
    t.clock.advance(1_000);
    await t.nextReport("connected");
    expect(t.connector.identity()).toEqual({
      account: "700100200",
      username: "runtime_bot",
      hearsGroups: true,
    });
    expect(t.connector.silentMs()).toBe(0);
    t.clock.advance(5_000);
    expect(t.connector.silentMs()).toBe(5_000);
  });

  it("goes on by itself after a fault of its own, and says so meanwhile", async () => {
    const t = await open();
    await t.started();
    const { now } = t.ports.clock;
    // The first message that comes finds the runtime broken.
    Object.assign(t.ports.clock, {
      now() {
        Object.assign(t.ports.clock, { now });
        throw new Error("a fault");
      },
    });
    t.say("one");
    expect((await t.nextReport("degraded")).detail).toMatch(/^A fault stopped the polling/);
    await t.nextWait(1_000);
    t.clock.advance(1_000);
    expect((await t.nextReceipt()).messages.map(({ text }) => text)).toEqual(["one"]);
    await t.nextReport("connected");
    expect(t.connector.silentMs()).toBe(0);
  });

  it("twice is once", async () => {
    const t = await open();
    await Promise.all([t.start(), t.start()]);
    await t.started();
    expect(t.server.requests.filter(({ method }) => method === "getMe")).toHaveLength(1);
    t.say("one");
    await t.nextReceipt();
    await t.server.nextRequest(({ values }) => values["offset"] === 1001);
    expect(t.server.requests.some(({ status }) => status === 409)).toBe(false);
  });

  it("with a signal that has aborted rejects, and nothing runs", async () => {
    const t = await open();
    const reason = new Error("too late");
    await expect(t.connector.start(AbortSignal.abort(reason))).rejects.toBe(reason);
    expect([t.underWay(), t.reports]).toEqual([0, []]);
  });

  test.each<[string, Fault, number, "failed" | "degraded"]>([
    [
      "a refused token",
      { kind: "refuse", status: 401, description: "Unauthorized" },
      300_000,
      "failed",
    ],
    [
      "a token that is none",
      { kind: "refuse", status: 404, description: "Not Found" },
      300_000,
      "failed",
    ],
    ["429", { kind: "flood", retryAfter: 33 }, 33_000, "degraded"],
    ["a 502 page", { kind: "html", status: 502 }, 1_000, "degraded"],
    ["a cut connection", { kind: "reset-before" }, 1_000, "degraded"],
    [
      "an answer without a bot",
      { kind: "answer", body: '{"ok":true,"result":{}}' },
      1_000,
      "degraded",
    ],
    ["an answer without a result", { kind: "answer", body: '{"ok":true}' }, 1_000, "degraded"],
  ])("goes on after %s", async (_, fault, waitMs, state) => {
    const t = await open();
    t.server.fault("getMe", fault);
    await t.start();
    await t.nextReport(state);
    await t.nextWait(waitMs);
    expect(t.server.requests).toHaveLength(1);
    t.clock.advance(waitMs);
    await t.nextReport("connected");
  });
});

describe("stopping", () => {
  it("ends a poll at once, and nothing is left", async () => {
    const t = await open();
    await t.started();
    expect(t.underWay()).toBe(1);
    await Promise.all([t.connector.stop(), t.connector.stop()]);
    expect(t.underWay()).toBe(0);
    await t.connector.stop();
    const asked = t.server.requests.length;
    t.say("waits for the next start");
    t.clock.advance(3_600_000);
    await t.started();
    expect((await t.nextReceipt()).messages[0]?.text).toBe("waits for the next start");
    expect(t.server.requests.slice(asked).map(({ method }) => method)[0]).toBe("getMe");
  });

  it("before a start, and while nothing can be reached, settles", async () => {
    const t = await open();
    await t.connector.stop();
    t.server.fault("*", { kind: "reset-before" }, 1_000);
    await t.start();
    await t.nextWait(1_000);
    await t.connector.stop();
    expect(t.underWay()).toBe(0);
  });

  it("waits for a batch that is just being stored", async () => {
    const t = await open();
    const stored = Promise.withResolvers<void>();
    const storing = Promise.withResolvers<void>();
    t.onReceive(() => {
      storing.resolve();
      return stored.promise;
    });
    t.say("one");
    await t.start();
    await storing.promise;
    let isStopped = false;
    const stopping = t.connector.stop().then(() => (isStopped = true));
    await new Promise(setImmediate);
    expect(isStopped).toBe(false);
    stored.resolve();
    await stopping;
    expect(t.receipts).toHaveLength(1);
  });

  it("logs nothing as an error", async () => {
    const t = await open({ menu: [{ command: "help", description: "Help" }] });
    t.server.fault("setMyCommands", { kind: "silent" });
    await t.started();
    await t.server.nextRequest(({ method }) => method === "setMyCommands");
    await t.connector.stop();
    expect(t.log.filter(({ level }) => level === "warn" || level === "error")).toEqual([]);
  });
});

describe("the token", () => {
  const SECRET = "AAcanary-secret_of-the-owner_42";
  const TOKEN = `700100200:${SECRET}`;
  const leak = `see https://api.telegram.org/bot${TOKEN}/x, ${encodeURIComponent(TOKEN)}, ${SECRET}`;
  const leaky = (status: number): Fault => ({ kind: "refuse", status, description: leak });
  const faults: [string, Fault][] = [
    ...[400, 401, 403, 404, 409, 429, 500].map((status): [string, Fault] => [
      `${status} with it in the description`,
      leaky(status),
    ]),
    ["a status without an answer", { kind: "status", status: 500 }],
    ["a page", { kind: "html", status: 502 }],
    ["a cut before", { kind: "reset-before" }],
    ["a cut after", { kind: "reset-after" }],
    ["silence", { kind: "silent" }],
    ["broken JSON", { kind: "broken-json" }],
    ["an answer that is none", { kind: "answer", body: leak }],
    [
      "a description that is none",
      { kind: "answer", body: `{"ok":false,"description":["${leak}"]}` },
    ],
  ];

  test.each(faults)("is in no log, report or result after %s", async (_, fault) => {
    const t = await open({
      server: { token: TOKEN },
      menu: [{ command: "help", description: "Help" }],
    });
    await t.start();
    await t.server.nextRequest(isPoll);
    await t.server.nextRequest(({ method }) => method === "setMyCommands");
    await t.connector.stop();
    t.settings.clear();

    t.server.fault("getMe", fault);
    await t.start();
    const stop = new AbortController();
    t.server.fault("sendMessage", fault);
    const sending = t.connector.sender.send(toAda(), stop.signal);
    await t.server.nextRequest(({ method }) => method === "sendMessage");
    if (fault.kind === "silent") stop.abort();
    const result = await sending;
    expect(result.kind).not.toBe("sent");
    if (fault.kind === "silent") {
      await t.nextWait(15_000);
      t.clock.advance(15_000);
    }
    for (const method of ["getUpdates", "setMyCommands"]) t.server.fault(method, fault);
    await expect.poll(() => t.reports.at(-1)?.state).toMatch(/degraded|failed/);
    await expect.poll(() => t.underWay()).toBe(1);
    t.clock.advance(300_000);
    await t.server.nextRequest(isPoll);
    await t.server.nextRequest(({ method }) => method === "setMyCommands");
    await t.connector.stop();

    const said = inspect([t.log, t.reports, result], { depth: 20, maxStringLength: null });
    expect(said).not.toContain("canary");
    expect(said).not.toContain("secret_of");
  });

  it.each([["http://127.0.0.1:1"], ["http://[::1"], ["ftp://a.example"], ["no address"]])(
    "is in nothing that is said about the address %s",
    async (apiBase) => {
      const t = await open({ server: { token: TOKEN }, apiBase });
      await t.start();
      const { detail } = await t.nextReport("degraded");
      const result = await t.connector.sender.send(toAda(), NEVER);
      expect(result.kind).toBe("not_sent");
      expect(inspect([t.log, t.reports, result], { depth: 20 })).not.toContain("canary");
      expect(detail).toMatch(/^Telegram cannot be reached \(\w+\)\.$/);
    },
  );
});
