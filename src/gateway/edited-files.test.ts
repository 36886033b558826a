import { afterEach, beforeEach, expect, it } from "vitest";
import { editMessages, outcomeOf } from "../../test/support/edit-messages.ts";
import { type Gateway, openGateway } from "../../test/support/open-gateway.ts";
import type { InboundFile } from "../core/message/inbound-file.ts";
import { filesOfMessages } from "../store/queries/files.ts";

let gateway: Gateway;
let say: ReturnType<typeof editMessages>;
beforeEach(async () => {
  gateway = await openGateway();
  say = editMessages(gateway);
  await gateway.aPerson("member");
});
afterEach(() => gateway.close());

const aFile = (name: string, sourceId = "1"): { readonly files: readonly InboundFile[] } => ({
  files: [{ kind: "document", sourceId, name, sizeBytes: 3 }],
});
const filesOf = async (id: string | undefined) =>
  (await filesOfMessages(gateway.store, [id ?? ""])).map(({ name }) => name);

it("the newest edit of a message nobody has looked at brings its files", async () => {
  const [message] = await say.receive(
    say.first("look", aFile("old.txt")),
    say.anEdit(1, "look at this", aFile("new.txt")),
  );
  expect(message?.message).toMatchObject({ text: "look at this", rule: "conversation" });
  expect(await filesOf(message?.message.id)).toEqual(["new.txt"]);
});

it("another caption changes the question that waits, and fetches nothing again", async () => {
  const [message] = await say.receive(say.first("look", aFile("a.txt")));
  const [edit] = await say.receive(say.anEdit(1, "look here", aFile("a.txt", "2")));
  expect(outcomeOf(edit)).toBe("dropped(replaced)");
  expect((await gateway.handled(message?.message.id ?? "")).message.text).toBe("look here");
  expect(await filesOf(message?.message.id)).toEqual(["a.txt"]);
  expect(await filesOf(edit?.message.id)).toEqual([]);
});

it("another file in the place of one that waits is something new under the same words, and is fetched", async () => {
  const [message] = await say.receive(say.first("look", aFile("a.txt")));
  const [edit] = await say.receive(say.anEdit(1, "look", aFile("b.txt")));
  expect(edit?.message).toMatchObject({ outcome: "pending", rule: "conversation" });
  expect(await filesOf(edit?.message.id)).toEqual(["b.txt"]);
  expect(outcomeOf(await gateway.handled(message?.message.id ?? ""))).toBe("dropped(replaced)");
  const [again] = await say.receive(say.anEdit(1, "look", aFile("b.txt", "other id")));
  expect(outcomeOf(again)).toBe("dropped(unchanged)");
});

it("another caption of an album changes the question that waits, and takes nothing else of it away", async () => {
  const part = (number: number, text: string) =>
    gateway.aMessage({
      externalMessageId: `7:${number}`,
      text,
      albumId: "album",
      ...aFile(`${number}.txt`),
    });
  const parts = await say.receive(part(1, ""), part(2, "compare"));
  expect(parts.map(({ message }) => message.rule)).toEqual(["conversation", "album"]);
  const caption = { albumId: "album", ...aFile("2.txt") };
  const [edit] = await say.receive(say.anEdit(2, "compare them", caption));
  expect(outcomeOf(edit)).toBe("dropped(replaced)");
  const [task] = await say.receive(say.anEdit(2, "/task compare them", caption));
  expect(outcomeOf(task)).toBe("task");
  for (const [n, text] of ["", "compare them"].entries()) {
    const { message } = await gateway.handled(parts[n]?.message.id ?? "");
    expect(message).toMatchObject({ outcome: "pending", text });
  }
});
