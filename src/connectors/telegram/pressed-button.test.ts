import { describe, expect, it } from "vitest";
import { openConnector } from "../../../test/support/bot-api/open-connector.ts";
import { NEVER } from "../../core/abort.ts";
import type { OutboundSend } from "../../core/delivery/outbound-part.ts";

const isAnswer = ({ method }: { readonly method: string }) => method === "answerCallbackQuery";

function toAda(extra: Partial<OutboundSend["part"]> = {}): OutboundSend {
  return {
    to: { connector: "telegram", account: "700100200", externalId: "123" },
    part: { formatted: "hi", plain: "hi", buttons: [], ...extra },
    format: "formatted",
    replyToExternalId: undefined,
  };
}

async function open() {
  const t = await openConnector();
  const user = t.server.user(123, "Ada");
  const chat = t.server.privateChat(user);
  return { ...t, say: (text: string) => t.server.say(chat, user, text) };
}

describe("a pressed button", () => {
  const BUTTONS = { buttons: [[{ label: "Do it", data: "dlv_a:0" }]] };

  it("is answered once the press is stored, and not before", async () => {
    const t = await open();
    await t.started();
    await t.connector.sender.send(toAda(BUTTONS), NEVER);
    t.onReceive(() => Promise.reject(new Error("disk full")));
    const id = t.server.press(await t.server.nextSent(), "Do it");
    await t.nextWait(1_000);
    expect(t.server.requests.some(isAnswer)).toBe(false);
    t.onReceive(() => Promise.resolve());
    t.clock.advance(1_000);
    const { messages } = await t.nextReceipt();
    expect(messages[0]).toMatchObject({ kind: "button", text: "dlv_a:0", externalMessageId: id });
    expect((await t.server.nextRequest(isAnswer)).values).toEqual({ callback_query_id: id });
    expect(t.server.openCallbacks.size).toBe(0);
  });

  it("is answered in time though it is not decided yet", async () => {
    const t = await open();
    t.onPress(
      (_callbackId, signal) =>
        new Promise((_, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason));
        }),
    );
    await t.started();
    await t.connector.sender.send(toAda(BUTTONS), NEVER);
    t.server.press(await t.server.nextSent(), "Do it");
    await t.nextWait(3_000);
    expect(t.server.requests.some(isAnswer)).toBe(false);
    t.clock.advance(3_000);
    expect((await t.server.nextAnswer()).text).toMatch(/^I will come to it in a moment/u);
  });

  it("is answered with what was decided", async () => {
    const t = await open();
    t.onPress(async () => "Not yours.");
    await t.started();
    await t.connector.sender.send(toAda(BUTTONS), NEVER);
    const id = t.server.press(await t.server.nextSent(), "Do it");
    expect(await t.server.nextAnswer()).toEqual({ id, text: "Not yours.", isAlert: true });
  });

  it("is taken off what was sent, and to do so again changes nothing", async () => {
    const t = await open();
    const sent = await t.connector.sender.send(toAda(BUTTONS), NEVER);
    if (sent.kind !== "sent") throw new Error(sent.error);
    const { to } = toAda();
    const change = { to, externalMessageId: sent.externalMessageId, buttons: [] };
    expect(await t.connector.sender.changeButtons(change, NEVER)).toEqual({ kind: "done" });
    expect((await t.server.nextEdited()).buttons).toEqual([]);
    expect(await t.connector.sender.changeButtons(change, NEVER)).toEqual({ kind: "done" });
    const gone = { ...change, externalMessageId: sent.externalMessageId.replace(/:.*/, ":999") };
    expect((await t.connector.sender.changeButtons(gone, NEVER)).kind).toBe("rejected");
    t.server.fault("editMessageReplyMarkup", {
      kind: "refuse",
      status: 429,
      description: "Too Many Requests: retry after 7",
      parameters: { retry_after: 7 },
    });
    expect(await t.connector.sender.changeButtons(change, NEVER)).toMatchObject({
      kind: "not_done",
      retryAfterMs: 7_000,
    });
  });

  it("that can no longer be answered holds nothing up", async () => {
    const t = await open();
    t.server.fault("answerCallbackQuery", { kind: "silent" });
    await t.started();
    await t.connector.sender.send(toAda(BUTTONS), NEVER);
    t.server.press(await t.server.nextSent(), "Do it");
    await t.server.nextRequest(isAnswer);
    t.say("next");
    await t.nextReceipt();
    expect((await t.nextReceipt()).messages[0]?.text).toBe("next");
    expect(t.reports.map(({ state }) => state)).toEqual(["starting", "connected"]);
  });
});
