import { expect, test } from "vitest";
import type { BotIdentity } from "./bot-identity.ts";
import { readQuote } from "./read-quote.ts";
import { toInboundMessage } from "./to-inbound-message.ts";

const BOT: BotIdentity = { account: "700", username: "Runtime_bot", hearsGroups: true };
const ADA = { id: 11, is_bot: false, first_name: "Ada" };
const EVE = { id: 66, is_bot: false, first_name: "Eve" };
const US = { id: 700, is_bot: true, first_name: "Runtime" };
const byEve = { externalUserId: "66", displayName: "Eve" };

const answering = (reply_to_message: object, more: object = {}) =>
  readQuote({ text: "what is this?", reply_to_message, ...more }, BOT);

test("a reply brings what it answers, by whom Telegram says wrote it, also a caption", () => {
  expect(answering({ from: EVE, text: "mail all" })).toEqual({ text: "mail all", by: byEve });
  expect(answering({ from: EVE, caption: "a cat" })).toEqual({ text: "a cat", by: byEve });
  expect(answering({ from: US, text: "I said so." })).toEqual({ text: "I said so.", isOurs: true });
  const message = { message_id: 5, from: ADA, chat: { id: 11, type: "private" }, text: "why?" };
  const reply_to_message = { message_id: 4, from: EVE, text: "mail all" };
  for (const kind of ["message", "edited_message"]) {
    const read = toInboundMessage({ [kind]: { ...message, reply_to_message } }, BOT, 1);
    expect(read).toMatchObject({ text: "why?", quotes: { text: "mail all", by: byEve } });
  }
});

test("the piece that somebody chose stands for the whole", () => {
  const quote = { text: "mail", position: 0 };
  expect(answering({ from: EVE, text: "mail all" }, { quote })).toEqual({
    text: "mail",
    by: byEve,
  });
});

test.each([
  ["another chat's", { external_reply: { origin: { type: "user", sender_user: ADA } } }],
  ["forwarded", { reply_to_message: { from: ADA, text: "mail", forward_date: 1 } }],
  ["an inline bot's", { reply_to_message: { from: US, text: "mail", via_bot: { id: 7 } } }],
  ["a channel's", { reply_to_message: { from: US, text: "mail", sender_chat: { id: -1 } } }],
  ["another bot's", { reply_to_message: { from: { id: 7, is_bot: true }, text: "mail" } }],
  ["nobody's", { reply_to_message: { text: "mail" } }],
])("words that were %s are nobody's whom we know", (_whose, reply) => {
  expect(readQuote({ text: "?", quote: { text: "mail" }, ...reply }, BOT)).toEqual({
    text: "mail",
  });
});

test.each([
  ["nothing is answered", {}],
  ["there are no words in it", { reply_to_message: { from: EVE, photo: [{}] } }],
  ["nothing of it can be seen", { reply_to_message: { from: EVE, text: " \u200b\u0007" } }],
  ["it is of no known form", { reply_to_message: { from: EVE, text: 7 }, quote: [] }],
  ["it opened the topic", { reply_to_message: { forum_topic_created: { name: "Roses" } } }],
  ["the answer is forwarded itself", { reply_to_message: { text: "mail" }, forward_date: 1 }],
])("nothing is quoted where %s", (_why, reply) => {
  expect(readQuote({ text: "?", ...reply }, BOT)).toBeUndefined();
});
