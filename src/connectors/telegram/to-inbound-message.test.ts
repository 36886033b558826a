import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import type { BotIdentity } from "./bot-identity.ts";
import { toInboundMessage } from "./to-inbound-message.ts";

const BOT: BotIdentity = { account: "700", username: "Runtime_bot", hearsGroups: true };
const NOW = Date.UTC(2026, 0, 15, 12);
const ADA = { id: 11, is_bot: false, first_name: "Ada", last_name: "Lovelace" };
const PRIVATE = { id: 11, type: "private", first_name: "Ada" };
const GROUP = { id: -123, type: "group", title: "Plants" };
const MESSAGE = { message_id: 5, date: 1_768_000_000, chat: PRIVATE, from: ADA, text: "hello" };

const read = (update: unknown) => toInboundMessage(update, BOT, NOW);
const readMessage = (extra: object) => read({ update_id: 1, message: { ...MESSAGE, ...extra } });
describe("a message", () => {
  it("is read whole", () => {
    expect(readMessage({ reply_to_message: { message_id: 4 } })).toEqual({
      address: { connector: "telegram", account: "700", externalId: "11" },
      externalMessageId: "11:5",
      kind: "message",
      chat: { kind: "private", title: "Ada Lovelace" },
      sender: { externalUserId: "11", displayName: "Ada Lovelace" },
      text: "hello",
      addressed: true,
      replyToExternalId: "11:4",
      sentAtMs: 1_768_000_000_000,
    });
  });

  it("of a group is another conversation than that of the person with the same digits", () => {
    const inGroup = readMessage({ chat: GROUP });
    const alone = readMessage({ chat: { ...PRIVATE, id: 123 } });
    expect([inGroup.address.externalId, alone.address.externalId]).toEqual(["-123", "123"]);
    expect([inGroup.externalMessageId, alone.externalMessageId]).toEqual(["-123:5", "123:5"]);
    expect(inGroup.chat).toEqual({ kind: "group", title: "Plants" });
  });

  it("keeps ids beyond 32 bits exactly", () => {
    const chat = { id: -1_002_199_999_999_999, type: "supergroup", title: "Big" };
    expect(readMessage({ chat }).address.externalId).toBe("-1002199999999999");
  });

  it.each([
    [{ forward_origin: { type: "hidden_user", sender_user_name: "Eve", date: 1 } }],
    [{ is_automatic_forward: true }],
    [{ via_bot: { id: 777, is_bot: true, first_name: "Gifs" } }],
    [{ forward_from: ADA }],
    [{ forward_from_chat: GROUP }],
    [{ forward_sender_name: "Eve" }],
    [{ forward_date: 1_768_000_000 }],
  ])("with %j shows somebody else's words, by its caption too", (mark) => {
    expect(readMessage(mark)).toMatchObject({ text: "hello", isQuoted: true });
    const photo = { text: undefined, caption: "look", photo: [{}] };
    expect(readMessage({ ...mark, ...photo })).toMatchObject({ text: "look", isQuoted: true });
    const edit = read({ update_id: 1, edited_message: { ...MESSAGE, ...mark, edit_date: 9 } });
    expect(edit).toMatchObject({ kind: "edit", isQuoted: true });
  });

  it("that answers or quotes another one is its sender's own", () => {
    const theirs = { message_id: 4, forward_date: 1, text: "/help" };
    const own = readMessage({ reply_to_message: theirs, quote: { text: "/help" } });
    expect(own).not.toHaveProperty("isQuoted");
  });

  it("with a caption speaks by its caption", () => {
    expect(readMessage({ text: undefined, caption: "look", photo: [{}] })).toMatchObject({
      text: "look",
      kind: "message",
    });
  });

  it("is clean text: no controls but tab and line feed, no half characters, at most 64 KB", () => {
    const { text } = readMessage({ text: "a\u0000b\r\nc\td\u001b[31m\u0085\ud83d" });
    expect(text).toBe("ab\nc\td[31m\uFFFD");
    expect(Buffer.byteLength(readMessage({ text: "€".repeat(100_000) }).text)).toBeLessThan(65_536);
  });

  it.each([
    [{ first_name: " A\n\u202eda ", last_name: "\u0007" }, "A da"],
    [{ first_name: "\u200f", username: "ada_l" }, "ada_l"],
    [{ first_name: 7 }, "11"],
    [{ first_name: "\u200b\u2060", last_name: "\u3164\u2800" }, "11"],
    [{ first_name: "x".repeat(500) }, "x".repeat(128)],
  ])("of somebody who is called %j is by %s", (names, displayName) => {
    const { sender } = readMessage({ from: { id: 11, is_bot: false, ...names } });
    expect(sender).toEqual({ externalUserId: "11", displayName });
  });

  it.each([[-1], [0], [1e20], ["yesterday"], [null], [1.5]])(
    "with the date %j counts as sent now",
    (date) => {
      expect(readMessage({ date }).sentAtMs).toBe(NOW);
    },
  );
});

describe("an edit", () => {
  it("has its own id beside the message's, and one for each time and text", () => {
    const edited = (edit_date: number, change: object = {}, update_id = 2) =>
      read({ update_id, edited_message: { ...MESSAGE, edit_date, ...change } });
    expect(edited(1_768_000_009)).toMatchObject({
      kind: "edit",
      editOf: `${MESSAGE.chat.id}:${MESSAGE.message_id}`,
      externalMessageId: expect.stringMatching(/^11:5:1768000009\.[0-9a-f]{12}$/),
      sentAtMs: 1_768_000_009_000,
    });
    expect(edited(1_768_000_010).externalMessageId).not.toBe(
      edited(1_768_000_009).externalMessageId,
    );
    const inOneSecond = ["one", "two"].map((text) => edited(1_768_000_009, { text }));
    expect(new Set(inOneSecond.map(({ externalMessageId }) => externalMessageId)).size).toBe(2);
    // The same edit that comes again, also from a server whose ids started anew.
    expect(edited(1_768_000_009, { text: "one" }, 7).externalMessageId).toBe(
      inOneSecond[0]?.externalMessageId,
    );
  });
});

describe("what no person said", () => {
  const group = { message: { ...MESSAGE, chat: GROUP } };
  const anonymousBot = { id: 1_087_968_824, is_bot: true, first_name: "Group" };
  test.each<[string, object, string]>([
    ["a bot", { message: { ...group.message, from: { ...ADA, is_bot: true } } }, "from_bot"],
    [
      "an anonymous admin",
      { message: { ...group.message, from: anonymousBot, sender_chat: GROUP } },
      "anonymous_sender",
    ],
    [
      "an anonymous admin, whatever else it says",
      { message: { ...group.message, from: { ...anonymousBot, is_bot: false } } },
      "anonymous_sender",
    ],
    [
      "a channel in its linked group",
      { message: { ...group.message, sender_chat: { id: -1, type: "channel" } } },
      "anonymous_sender",
    ],
    ["nobody", { message: { ...group.message, from: undefined } }, "anonymous_sender"],
    [
      "a channel",
      { channel_post: { ...MESSAGE, chat: { id: -9, type: "channel" } } },
      "channel_post",
    ],
    [
      "a channel that edits",
      { edited_channel_post: { ...MESSAGE, chat: { id: -9, type: "channel" } } },
      "channel_post",
    ],
  ])("%s", (_, update, dropReason) => {
    expect(read({ update_id: 1, ...update })).toMatchObject({ sender: undefined, dropReason });
  });

  it("a channel never speaks to us", () => {
    const entities = [{ type: "bot_command", offset: 0, length: 5 }];
    const channel_post = { ...MESSAGE, chat: { id: -9, type: "channel" }, text: "/help", entities };
    expect(read({ update_id: 1, channel_post })).toMatchObject({ addressed: false, kind: "other" });
  });
});

describe("a pressed button", () => {
  const QUERY = { id: "4382bfdwdsb323b2d9", from: ADA, message: MESSAGE, data: "dlv_a:0" };
  const press = (extra: object) => read({ update_id: 3, callback_query: { ...QUERY, ...extra } });

  it("is read whole, by who pressed it and not by who wrote the card", () => {
    const message = { ...MESSAGE, chat: GROUP, from: { id: 700, is_bot: true } };
    expect(press({ message })).toEqual({
      address: { connector: "telegram", account: "700", externalId: "-123" },
      externalMessageId: QUERY.id,
      kind: "button",
      chat: { kind: "group", title: "Plants" },
      sender: { externalUserId: "11", displayName: "Ada Lovelace" },
      text: "dlv_a:0",
      addressed: true,
      replyToExternalId: "-123:5",
      button: { data: "dlv_a:0", callbackId: QUERY.id },
      sentAtMs: NOW,
    });
  });

  it("under a card too old to be shown is read all the same", () => {
    const message = { chat: PRIVATE, message_id: 5, date: 0 };
    expect(press({ message })).toMatchObject({ kind: "button", replyToExternalId: "11:5" });
  });

  it.each<[object, string]>([
    [{ message: undefined, inline_message_id: "x" }, "unsupported_update"],
    [{ id: undefined }, "unsupported_update"],
    [{ id: "" }, "unsupported_update"],
    [{ id: "11:5" }, "unsupported_update"],
    [{ id: "x".repeat(129) }, "unsupported_update"],
    [{ data: undefined, game_short_name: "chess" }, "no_text"],
    [{ from: undefined }, "anonymous_sender"],
  ])("with %j is dropped", (extra, dropReason) => {
    expect(press(extra).dropReason).toBe(dropReason);
  });
});

describe("what we cannot use", () => {
  it.each<[unknown, string, string]>([
    [{ message: { ...MESSAGE, text: undefined, sticker: {} } }, "other", "no_text"],
    [{ message: { ...MESSAGE, text: " \n\u0000" } }, "other", "no_text"],
    [{ message: { ...MESSAGE, message_id: "5" } }, "other", "unsupported_update"],
    [{ message: { ...MESSAGE, chat: undefined } }, "other", "unsupported_update"],
    [{ message: null }, "other", "unsupported_update"],
    [{ my_chat_member: { chat: GROUP, from: ADA, date: 7 } }, "membership", "membership"],
    [{ poll: { id: "1" } }, "other", "unsupported_update"],
    [{}, "other", "unsupported_update"],
    [null, "other", "unsupported_update"],
    [[MESSAGE], "other", "unsupported_update"],
    ["message", "other", "unsupported_update"],
  ])("%j", (update, kind, dropReason) => {
    expect(read(update)).toMatchObject({ kind, dropReason });
  });

  it("is told apart by update and date: ids may start anew", () => {
    const left = (update_id: number, date: number) =>
      read({ update_id, my_chat_member: { chat: GROUP, from: ADA, date } }).externalMessageId;
    expect(new Set([left(7, 1), left(8, 1), left(7, 2), left(7, 1)]).size).toBe(3);
  });
});

describe("any update", () => {
  const junk = fc.jsonValue({ maxDepth: 3 });
  const key = (...names: string[]) => fc.constantFrom(...names);
  const chat = fc.record(
    {
      id: fc.oneof(fc.integer(), junk),
      type: fc.oneof(key("private", "group"), junk),
      title: junk,
    },
    { requiredKeys: [] },
  );
  const entities = fc.array(
    fc.record({
      type: key("bot_command", "mention", "text_mention"),
      offset: fc.oneof(fc.integer({ min: -3, max: 9 }), junk),
      length: fc.oneof(fc.integer({ min: -3, max: 9 }), junk),
      user: junk,
    }),
    { maxLength: 3 },
  );
  const content = fc.record(
    {
      id: fc.oneof(fc.string({ unit: "binary" }), junk),
      message_id: fc.oneof(fc.integer(), junk),
      date: fc.oneof(fc.integer(), fc.double(), junk),
      edit_date: junk,
      chat: fc.oneof(chat, junk),
      from: fc.oneof(fc.record({ id: fc.integer(), first_name: junk, is_bot: junk }), junk),
      sender_chat: junk,
      text: fc.oneof(fc.string({ unit: "binary" }), junk),
      caption: junk,
      data: fc.oneof(fc.string({ unit: "binary" }), junk),
      entities: fc.oneof(entities, junk),
      reply_to_message: junk,
      message: fc.record({ chat, message_id: fc.integer() }),
    },
    { requiredKeys: [] },
  );
  const kinds = key(
    "message",
    "edited_message",
    "callback_query",
    "channel_post",
    "my_chat_member",
  );
  const update = fc.oneof(
    junk,
    fc
      .tuple(kinds, content, fc.oneof(fc.integer(), junk))
      .map(([kind, value, update_id]) => ({ update_id, [kind]: value })),
  );

  it("becomes a message that can be stored, and never an error", () => {
    fc.assert(
      fc.property(update, (any) => {
        const message = read(any);
        const { address, externalMessageId, sender, text } = message;
        expect(address).toMatchObject({ connector: "telegram", account: "700" });
        expect(address.externalId).toMatch(/^(-?\d+|updates)$/);
        expect(externalMessageId).toMatch(
          /^(-?\d+:-?\d+(:-?\d+\.[0-9a-f]{12})?|update:[\w-]+:-?\d+|[\w-]{1,128})$/,
        );
        expect(Number.isSafeInteger(message.sentAtMs)).toBe(true);
        for (const words of [text, sender?.displayName ?? "", message.chat.title]) {
          expect(words.isWellFormed()).toBe(true);
          expect(words).not.toContain("\u0000");
        }
        // What nobody said, or says nothing, is never acted on.
        if (sender === undefined || text.trim() === "") expect(message.dropReason).toBeDefined();
      }),
      { numRuns: 500 },
    );
  });
});
