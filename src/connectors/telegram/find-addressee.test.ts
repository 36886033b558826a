import { describe, expect, it, test } from "vitest";
import { findAddressee, withoutOurName } from "./find-addressee.ts";

const BOT = { account: "700", username: "Runtime_bot", hearsGroups: true };
const GROUP = { id: -123, type: "group" };

const entity = (type: string, offset: number, length: number, extra: object = {}) => ({
  type,
  offset,
  length,
  ...extra,
});
const command = (text: string) => ({ text, entities: [entity("bot_command", 0, text.length)] });

interface Message {
  readonly text?: string | undefined;
  readonly caption?: string;
  readonly [field: string]: unknown;
}

function find(chat: object, message: Message) {
  return findAddressee({ chat, ...message }, message.text ?? message.caption ?? "", BOT);
}

describe("a message in a group speaks to us", () => {
  test.each<[string, Message, boolean]>([
    ["as plain talk", { text: "hello all" }, false],
    ["as a command for any bot that knows it", command("/help"), false],
    ["as a command with our name, in any case", command("/help@runtime_BOT"), true],
    [
      "as our name in what was forwarded",
      { text: "@runtime_bot hi", entities: [entity("mention", 0, 12)], forward_origin: {} },
      false,
    ],
    [
      "as our name in what an inline bot made",
      { ...command("/help@runtime_bot"), via_bot: { id: 9 } },
      false,
    ],
    ["as a command with another's name", command("/help@other_bot"), false],
    ["as a slash that is no command", { text: "/ or" }, false],
    [
      "as a command within a sentence",
      { text: "try /help", entities: [entity("bot_command", 4, 5)] },
      false,
    ],
    [
      "as a mention after an emoji",
      { text: "😀 @runtime_bot hi", entities: [entity("mention", 3, 12)] },
      true,
    ],
    [
      "as a mention of a longer name",
      { text: "@runtime_bot2", entities: [entity("mention", 0, 13)] },
      false,
    ],
    ["as our name without a mention", { text: "@runtime_bot" }, false],
    [
      "as a mention without a user name",
      { text: "you", entities: [entity("text_mention", 0, 3, { user: { id: 700 } })] },
      true,
    ],
    [
      "as a mention of another without a user name",
      { text: "you", entities: [entity("text_mention", 0, 3, { user: { id: 701 } })] },
      false,
    ],
    [
      "as a mention in a caption",
      {
        text: undefined,
        caption: "@runtime_bot look",
        caption_entities: [entity("mention", 0, 12)],
      },
      true,
    ],
    [
      "as a reply to us",
      { text: "yes", reply_to_message: { message_id: 1, from: { id: 700 } } },
      true,
    ],
    [
      "as a reply to another",
      { text: "yes", reply_to_message: { message_id: 1, from: { id: 12 } } },
      false,
    ],
    [
      "as talk in a topic that we opened",
      {
        text: "yes",
        reply_to_message: { message_id: 1, from: { id: 700 }, forum_topic_created: {} },
      },
      false,
    ],
  ])("%s", (_, extra, addressed) => {
    expect(find(GROUP, extra)).toMatchObject({ addressed });
  });

  it("and one for another bot says so", () => {
    expect(find(GROUP, command("/help@other_bot")).forAnotherBot).toBe(true);
    expect(find(GROUP, command("/help")).forAnotherBot).toBe(false);
  });
});

test.each([["hello"], ["/help@other_bot"]])("in private %j speaks to us", (text) => {
  expect(find({ id: 11, type: "private" }, command(text))).toEqual({
    addressed: true,
    forAnotherBot: false,
  });
});

describe("our name at the beginning", () => {
  const strip = (text: string, ...entities: object[]) =>
    withoutOurName({ chat: GROUP, text, entities }, text, BOT);

  test.each([
    ["@runtime_bot show my tasks", "show my tasks"],
    ["@Runtime_bot: show my tasks", "show my tasks"],
    ["@runtime_bot, /tasks", "/tasks"],
    ["@runtime_bot\n😀", "😀"],
    ["@runtime_bot", "@runtime_bot"],
    ["@runtime_bot ?!", "?!"],
  ])("%j is read as %j", (text, said) => {
    expect(strip(text, entity("mention", 0, 12))).toBe(said);
  });

  test("stays where it is a part of what is said", () => {
    const text = "ask @runtime_bot why";
    expect(strip(text, entity("mention", 4, 12))).toBe(text);
  });

  test("of another bot stays", () => {
    const text = "@other_botty hi";
    expect(strip(text, entity("mention", 0, 12))).toBe(text);
  });
});
