import { afterEach, beforeEach, expect, test } from "vitest";
import { type OpenDelivery, openDelivery } from "../../test/support/open-delivery.ts";
import { type OpenMailServer, openMailServer } from "../../test/support/open-mail-server.ts";
import { createMailSender } from "../connectors/email/mail-sender.ts";
import { systemClock } from "../core/clock.ts";
import { queueMail } from "../core/delivery/queue-mail.ts";
import { doc, p } from "../core/rich-text/build.ts";
import type { Channel } from "./ports.ts";
import { emailFormat } from "./render/email.ts";

const FROM = "bot@house.example";
const MINUTES = 60_000;

let server: OpenMailServer;
let d: OpenDelivery;
beforeEach(async () => {
  server = await openMailServer({ refuse: { "gone@b.example": 550 } });
  const { port } = server;
  const sender = createMailSender(
    {
      from: FROM,
      server: { host: "localhost", port, security: "none", login: undefined, timeoutMs: 2_000 },
    },
    { clock: systemClock, report: () => undefined },
  );
  const channel: Channel = {
    account: FROM,
    format: emailFormat,
    sender,
    doubtMs: 10 * MINUTES,
  };
  d = await openDelivery(undefined, new Map([["email", channel]]));
});
afterEach(async () => {
  await d.close();
  await server.close();
});

async function mail(to: readonly string[]) {
  const effects = queueMail({
    contextId: "ctx_chat",
    from: FROM,
    head: { id: "mail_1", subject: "News", to, cc: [] },
    body: doc(p("All *well*.")),
    messageId: null,
    runId: "run_1",
    taskId: null,
    now: d.clock.now(),
  });
  await d.commit(effects);
}

const rows = () =>
  d.store.list((db) =>
    db.selectFrom("deliveries").selectAll().where("kind", "=", "mail").orderBy("seq"),
  );
const states = async () => (await rows()).map(({ state }) => state);
const ids = () => server.arrived.map(({ text }) => /^Message-ID: (.*)\r$/m.exec(text)?.[1]);

test("a mail goes to each of its recipients by itself, and who refuses it is told where it came from", async () => {
  await mail(["ada@a.example", "gone@b.example"]);
  await d.run();
  await d.run();
  expect(await states()).toEqual(["sent", "dead"]);
  expect(server.mails).toMatchObject([{ from: FROM, to: ["ada@a.example"] }]);
  expect(server.mails[0]?.text).toContain("To: ada@a.example, gone@b.example");
  await d.run();
  expect(d.texts()).toEqual([
    expect.stringContaining("I could not send the mail to <code>gone@b.example</code>: "),
  ]);
  expect(d.texts()[0]).toContain("550 5.1.1 no such mailbox");
});

test("a mail in doubt is left alone for ten minutes, then repeated under its own id with a mark", async () => {
  await mail(["ada@a.example"]);
  server.answers.push("cut");
  await d.run();
  expect(await rows()).toMatchObject([{ state: "unknown", marked: 0 }]);
  d.clock.advance(10 * MINUTES - 1);
  await expect(d.run()).rejects.toThrow("nothing to do");
  d.clock.advance(1);
  await d.run();
  expect(await rows()).toMatchObject([{ state: "sent", marked: 1, receipts: '["mail_1"]' }]);
  expect(ids()).toEqual(["<mail_1@house.example>", "<mail_1@house.example>"]);
  expect(server.arrived.map(({ text }) => text.includes("(may be a repeat)"))).toEqual([
    false,
    true,
  ]);
});

test("a mail that was being sent when the process died is left alone as long", async () => {
  await mail(["ada@a.example"]);
  server.answers.push("hang");
  await d.start();
  await expect.poll(() => server.arrived.length).toBe(1);
  await d.restart();
  await d.run();
  expect(await rows()).toMatchObject([
    { state: "unknown", error: "the runtime ended while sending" },
  ]);
  await expect(d.run()).rejects.toThrow("nothing to do");
  d.clock.advance(10 * MINUTES);
  await d.run();
  expect(await rows()).toMatchObject([{ state: "sent", marked: 1 }]);
  expect(server.arrived).toHaveLength(2);
});

test("what a server does not want now, it is offered again without a mark", async () => {
  await mail(["ada@a.example"]);
  server.answers.push({ code: 451, text: "greylisted" });
  await d.run();
  expect(await states()).toEqual(["pending"]);
  d.clock.advance(MINUTES);
  await d.run();
  expect(await rows()).toMatchObject([{ state: "sent", marked: 0 }]);
});

test("a mail that is tried again later keeps no reply of its conversation waiting", async () => {
  await mail(["ada@a.example"]);
  server.answers.push({ code: 451, text: "greylisted" });
  await d.run();
  await d.queue(doc(p("a reply")));
  await d.run();
  expect(d.texts()).toEqual(["a reply"]);
  expect(await states()).toEqual(["pending"]);
});
