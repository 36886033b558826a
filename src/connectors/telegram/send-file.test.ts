import { describe, expect, it } from "vitest";
import {
  openSending as open,
  PART,
  WITH_FILE,
} from "../../../test/support/bot-api/open-sending.ts";

describe("a part with a file", () => {
  it("goes out as a document, byte for byte, its text beside it and its buttons under it", async () => {
    const { server, chat, user, send } = await open();
    server.say(chat, user, "question");
    const part = { ...WITH_FILE, buttons: [[{ label: "1", data: "dlv_a:1" }]] };
    expect(await send({ part, replyToExternalId: "123:1" })).toEqual({
      kind: "sent",
      externalMessageId: "123:2",
    });
    expect(server.sent).toMatchObject([
      {
        method: "sendDocument",
        text: "bold & so",
        parseMode: "HTML",
        replyTo: 1,
        buttons: [[{ text: "1", callback_data: "dlv_a:1" }]],
        document: { name: "reply.md" },
      },
    ]);
    expect(server.sent[0]?.document?.bytes.toString()).toBe(WITH_FILE.file.text);
  });

  it("arrives whole when it is large", async () => {
    const { server, send } = await open();
    const text = "a line of it\n".repeat(200_000);
    expect(await send({ part: { ...PART, file: { ...WITH_FILE.file, text } } })).toMatchObject({
      kind: "sent",
    });
    expect(server.sent[0]?.document?.bytes.toString() === text).toBe(true);
  });

  it("is bad format when the text beside it is too long, and its plain text arrives", async () => {
    const { server, send } = await open();
    const part = { ...WITH_FILE, formatted: "x".repeat(1_025) };
    expect(await send({ part })).toMatchObject({ kind: "bad_format" });
    expect(await send({ part, format: "plain" })).toMatchObject({ kind: "sent" });
    expect(server.sent).toMatchObject([{ text: "bold & so", parseMode: undefined }]);
  });

  it("follows a group to its new id", async () => {
    const { server, send } = await open();
    const group = server.group(-5, "Group");
    server.migrate(group, server.group(-1005, "Supergroup"));
    expect(await send({ chat: -5, part: WITH_FILE })).toEqual({
      kind: "sent",
      externalMessageId: "-1005:1",
    });
  });

  it("is uncertain when no answer comes within two minutes", async () => {
    const { server, send, nextWait, clock } = await open();
    server.fault("sendDocument", { kind: "silent", accepted: true });
    const sending = send({ part: WITH_FILE });
    await nextWait(120_000);
    await server.nextSent();
    clock.advance(120_000);
    expect(await sending).toMatchObject({ kind: "uncertain" });
  });
});
