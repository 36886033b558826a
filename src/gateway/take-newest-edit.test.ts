import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { editMessages, outcomeOf } from "../../test/support/edit-messages.ts";
import { aGroup, type Gateway, openGateway } from "../../test/support/open-gateway.ts";

let gateway: Gateway;
let say: ReturnType<typeof editMessages>;
beforeEach(async () => {
  gateway = await openGateway();
  say = editMessages(gateway);
});
afterEach(() => gateway.close());

describe("the edit of a message nobody has looked at", () => {
  it("takes its place, whichever of several is the newest", async () => {
    await gateway.aPerson("member");
    const [message, ...rest] = await say.receive(
      say.first("/task buy milk"),
      say.anEdit(1, "/task buy oats"),
      say.anEdit(1, "/task buy oat milk"),
    );
    expect(message?.message).toMatchObject({ outcome: "task", text: "/task buy oat milk" });
    expect(message?.replies[0]).toContain("buy oat milk");
    expect(rest.map(outcomeOf)).toEqual(["dropped(replaced)", "dropped(replaced)"]);
    expect(rest.map(({ message: row }) => row.text)).toEqual(["", ""]);
    expect(await gateway.store.list((db) => db.selectFrom("tasks").select("prompt"))).toEqual([
      { prompt: "buy oat milk" },
    ]);
  });

  it("is taken also when it came first, and what it replaced is not handled after it", async () => {
    await gateway.aPerson("member");
    const [edit, message] = await say.receive(say.anEdit(1, "how are you?"), say.first("hw r u"));
    expect(edit?.message).toMatchObject({ outcome: "pending", rule: "conversation" });
    expect(outcomeOf(message)).toBe("dropped(replaced)");
  });

  it("decides whether the message is for us at all", async () => {
    await gateway.aPerson("member");
    const group = aGroup();
    const taken = await say.receive(
      say.first("@helpful_bot hello", group),
      say.anEdit(1, "hello you", { ...group, addressed: false }),
    );
    expect(taken.map(outcomeOf)).toEqual(["dropped(not_addressed)", "dropped(replaced)"]);
    expect(taken.map(({ message }) => message.text)).toEqual(["", ""]);
    const meant = { ...group, dropReason: "for_another_bot" };
    const other = await say.receive(
      { ...say.first("/help@other_bot", meant), externalMessageId: "-123:2" },
      say.anEdit(2, "/help@helpful_bot", group),
    );
    expect(other.map(outcomeOf)).toEqual(["answered", "dropped(replaced)"]);
  });

  it("is nobody's but the sender's", async () => {
    await gateway.aPerson("member");
    await gateway.aPerson("member", "8");
    const forged = { sender: { externalUserId: "8", displayName: "Eve" } };
    const [message, edit] = await say.receive(
      say.first("/task one"),
      say.anEdit(1, "/task two", forged),
    );
    expect(message?.message).toMatchObject({ outcome: "task", text: "/task one" });
    expect(outcomeOf(edit)).toBe("dropped(edited_by_another)");
  });
});
