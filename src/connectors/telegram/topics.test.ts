import fc from "fast-check";
import { expect, it } from "vitest";
import { formatPlace, parsePlace } from "./chat-place.ts";
import { toInboundMessage } from "./to-inbound-message.ts";

const BOT = { account: "700", username: "Runtime_bot", hearsGroups: true };
const FORUM = { id: -1_001_234, type: "supergroup", title: "Plants", is_forum: true };
const ADA = { id: 11, is_bot: false, first_name: "Ada" };
const OPENED = { message_id: 45, forum_topic_created: { name: "Gar\u202eden", icon_color: 1 } };
const IN_TOPIC = { message_thread_id: 45, is_topic_message: true };
const MESSAGE = { message_id: 50, date: 1_768_000_000, chat: FORUM, from: ADA, text: "hello" };

const read = (update: object) => toInboundMessage({ update_id: 1, ...update }, BOT, 0);
const readMessage = (extra: object) => read({ message: { ...MESSAGE, ...extra } });

it("a topic is a conversation of its own in the workspace of its group", () => {
  expect(readMessage({ ...IN_TOPIC, reply_to_message: OPENED })).toMatchObject({
    address: { externalId: "-1001234:45" },
    externalMessageId: "-1001234:50",
    chat: { kind: "group", title: "Plants / Garden", part: { of: "-1001234", title: "Plants" } },
  });
  expect(readMessage(IN_TOPIC).chat.title).toBe("Plants / topic 45");
});

it("the notice that opened a topic is answered by nobody, another message there is", () => {
  expect(readMessage({ ...IN_TOPIC, reply_to_message: OPENED }).replyToExternalId).toBeUndefined();
  const answered = readMessage({ ...IN_TOPIC, reply_to_message: { message_id: 47 } });
  expect(answered.replyToExternalId).toBe("-1001234:47");
});

it.each([
  ["a thread of replies", { message_thread_id: 45 }],
  ["no number of a thread", { is_topic_message: true, message_thread_id: "45" }],
  ["only the word", { is_topic_message: true }],
])("%s is no topic", (_what, extra) => {
  const { address, chat } = readMessage(extra);
  expect(address.externalId).toBe("-1001234");
  expect(chat).toEqual({ kind: "group", title: "Plants" });
});

it("a topic of a private chat belongs to the person", () => {
  const chat = { id: 11, type: "private", first_name: "Ada" };
  const { address, chat: place, addressed } = readMessage({ ...IN_TOPIC, chat });
  expect(address.externalId).toBe("11:45");
  expect(place).toEqual({ kind: "private", title: "Ada / topic 45" });
  expect(addressed).toBe(true);
});

it("an edit and a pressed button are of the topic they are in", () => {
  const edited = read({ edited_message: { ...MESSAGE, ...IN_TOPIC, edit_date: 1_768_000_009 } });
  expect(edited).toMatchObject({
    kind: "edit",
    address: { externalId: "-1001234:45" },
    editOf: "-1001234:50",
  });
  const message = { ...MESSAGE, ...IN_TOPIC };
  const pressed = read({ callback_query: { id: "1", from: ADA, message, data: "dlv_1:0" } });
  expect(pressed).toMatchObject({
    kind: "button",
    address: { externalId: "-1001234:45" },
    replyToExternalId: "-1001234:50",
  });
});

it("a place is read back as it was written", () => {
  const threads = fc.option(fc.integer({ min: 1 }), { nil: undefined });
  fc.assert(
    fc.property(fc.maxSafeInteger(), threads, (chatId, threadId) => {
      expect(parsePlace(formatPlace(chatId, threadId))).toEqual({
        chatId: String(chatId),
        threadId,
      });
    }),
  );
});
