import { afterEach, beforeEach, expect, it } from "vitest";
import { aGroup, type Gateway, openGateway } from "../../test/support/open-gateway.ts";

let gateway: Gateway;
beforeEach(async () => {
  gateway = await openGateway({ inboundMaxPerMinute: 3 });
});
afterEach(() => gateway.close());

const photo = { kind: "photo", sourceId: "f1", name: "diary.jpg", sizeBytes: 1 } as const;

it("nothing is kept of what somebody who is not paired says, and what comes again is still known", async () => {
  const once = { externalMessageId: "7:diary" };
  const said = await gateway.say("my secret diary", { ...once, files: [photo] });
  const edited = await gateway.say("my very secret diary", {
    kind: "edit",
    editOf: "7:diary",
    externalMessageId: "7:diary:e1",
  });
  const called = await gateway.say("@bot my secret", aGroup());
  for (const { message } of [said, edited, called]) {
    expect(message).toMatchObject({ reason: "not_paired", text: "", payload: null });
  }
  const again = await gateway.receive([gateway.aMessage({ text: "my secret diary", ...once })]);
  expect(again.messages[0]).toMatchObject({ id: said.message.id, isRepeated: true });
});

it("nothing is kept of what they say too fast", async () => {
  for (let n = 0; n < 3; n += 1) await gateway.say("hello");
  const { message } = await gateway.say("my secret diary", { files: [photo] });
  expect(message).toMatchObject({ reason: "rate_limited", text: "", payload: null });
});

it("who is let in later may say by an edit what was not kept", async () => {
  const once = { externalMessageId: "7:1" };
  await gateway.say("hw r u", once);
  await gateway.aPerson("member");
  const edit = { kind: "edit", editOf: "7:1", externalMessageId: "7:1:e1" } as const;
  const { message } = await gateway.say("How are you?", edit);
  expect(message).toMatchObject({ rule: "conversation", outcome: "pending", text: "How are you?" });
});
