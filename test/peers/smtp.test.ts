import { getuid } from "node:process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createMailSender } from "../../src/connectors/email/mail-sender.ts";
import { greetServer, type MailServer } from "../../src/connectors/email/post-mail.ts";
import { NEVER } from "../../src/core/abort.ts";
import { systemClock } from "../../src/core/clock.ts";
import type { OutboundPart } from "../../src/core/delivery/outbound-part.ts";
import { doc, p } from "../../src/core/rich-text/build.ts";
import { emailFormat } from "../../src/delivery/render/email.ts";
import { makeCertificate, trustCertificate } from "../support/make-certificate.ts";
import { openPostfix, type Postfix } from "./open-postfix.ts";

const FROM = "bot@house.example";

// Postfix starts its parts under other accounts, which only root may do.
describe.skipIf(getuid?.() !== 0)("Postfix", () => {
  let postfix: Postfix;
  beforeAll(async () => {
    const certificate = makeCertificate();
    trustCertificate(certificate);
    postfix = await openPostfix(certificate);
  });
  afterAll(() => postfix?.close());

  const server = (change: Partial<MailServer> = {}): MailServer => ({
    host: "localhost",
    port: postfix.port,
    security: "starttls",
    login: undefined,
    timeoutMs: 20_000,
    ...change,
  });

  async function send(to: string, text: string, change: Partial<MailServer> = {}) {
    const [part] = emailFormat.render(doc(p(text)), () => "") as readonly [OutboundPart];
    const sender = createMailSender(
      { server: server(change), from: FROM },
      { clock: systemClock, report: () => undefined },
    );
    return await sender.send(
      {
        to: { connector: "email", account: FROM, externalId: to },
        part,
        format: "formatted",
        replyToExternalId: undefined,
        mail: { id: `mail_${to.split("@")[0]}`, subject: "Grüße 🎉", to: [to], cc: [] },
      },
      NEVER,
    );
  }

  test("lets us in, and files a mail as it was written, over TLS", async () => {
    expect(await greetServer(server(), NEVER)).toEqual({ kind: "taken" });
    expect(await send("ada@a.example", `Grüße.\n.\n..\nFrom me\n${"x".repeat(3_000)}`)).toEqual({
      kind: "sent",
      externalMessageId: "mail_ada",
    });
    await expect.poll(() => postfix.read("ada").length, { timeout: 30_000 }).toBe(1);
    const [mail = ""] = postfix.read("ada");
    expect(mail).toMatch(/^Return-Path: <bot@house\.example>/);
    expect(mail).toContain("Message-ID: <mail_ada@house.example>");
    expect(mail).toMatch(/using TLSv1\.[23]/);
    expect(mail).toContain("multipart/alternative");
    const [, plain = ""] = mail.split(/^--\S+$/m);
    const text = plain.slice(plain.indexOf("\n\n") + 2).replace(/=\n/g, "");
    expect(text).toContain(`Gr=C3=BC=C3=9Fe.\n.\n..\nFrom me\n${"x".repeat(3_000)}`);
  });

  test("refuses whom it does not know, and what is not for it, for good", async () => {
    expect(await send("nobody@a.example", "x")).toMatchObject({
      kind: "rejected",
      error: expect.stringMatching(/550.*User unknown/i),
    });
    expect(await send("eve@elsewhere.example", "x")).toMatchObject({
      kind: "rejected",
      error: expect.stringMatching(/554.*Relay access denied/i),
    });
  });

  test("refuses what is too long before it is written", async () => {
    const result = await send("bob@a.example", "x".repeat(300_000));
    expect(result).toMatchObject({
      kind: "rejected",
      error: expect.stringContaining("larger than allowed"),
    });
    expect(postfix.read("bob")).toEqual([]);
  });

  test("is told nothing without TLS where it wants that", async () => {
    const bare = await send("bob@a.example", "x", { security: "none" });
    expect(bare).toMatchObject({ kind: "rejected", error: expect.stringContaining("STARTTLS") });
  });
});
