import { createServer, type Server } from "node:net";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { findFreePort } from "../../../test/support/find-free-port.ts";
import {
  type Certificate,
  makeCertificate,
  trustCertificate,
} from "../../../test/support/make-certificate.ts";
import { type OpenMailServer, openMailServer } from "../../../test/support/open-mail-server.ts";
import { NEVER } from "../../core/abort.ts";
import { systemClock } from "../../core/clock.ts";
import type { OutboundSend } from "../../core/delivery/outbound-part.ts";
import { createMailSender } from "./mail-sender.ts";
import type { MailServer } from "./post-mail.ts";

const PASSWORD = "p@ss wörd";
const FROM = "bot@house.example";
const MAIL: OutboundSend = {
  to: { connector: "email", account: FROM, externalId: "ada@a.example" },
  part: {
    formatted: "<p>Grüße &amp; <b>Küsse</b></p>",
    plain: `Grüße & Küsse\n.\nFrom here\n${"x".repeat(2_000)}`,
    buttons: [],
  },
  format: "formatted",
  replyToExternalId: undefined,
  idempotencyKey: "dlv_1",
  mail: {
    id: "mail_1",
    subject: "Grüße 🎉",
    to: ["ada@a.example", "bob@b.example"],
    cc: ["eve@c.example"],
  },
};

let certificate: Certificate;
let untrusted: Certificate;
beforeAll(() => {
  certificate = makeCertificate();
  untrusted = makeCertificate();
  trustCertificate(certificate);
});

let server: OpenMailServer | undefined;
let raw: Server | undefined;
afterEach(async () => {
  await server?.close();
  raw?.close();
  [server, raw] = [undefined, undefined];
});

const troubles: string[] = [];
async function send(options: Partial<MailServer> = {}, message = MAIL, signal = NEVER) {
  troubles.length = 0;
  const sender = createMailSender(
    {
      from: FROM,
      server: {
        host: "localhost",
        port: server?.port ?? 0,
        security: "none",
        login: undefined,
        timeoutMs: 5_000,
        ...options,
      },
    },
    { clock: systemClock, report: (trouble) => troubles.push(trouble) },
  );
  return await sender.send(message, signal);
}

function readMail(text: string) {
  const [head = "", ...body] = text.split("\r\n\r\n");
  return { head: head.replace(/\r\n[ \t]+/g, " "), body: body.join("\r\n\r\n") };
}

describe("a mail", () => {
  test("goes over TLS, logged in, to one of its recipients, with all of them in its head", async () => {
    server = await openMailServer({ ...certificate, password: PASSWORD });
    const login = { user: "bot", password: PASSWORD };
    expect(await send({ security: "starttls", login })).toEqual({
      kind: "sent",
      externalMessageId: "mail_1",
    });
    expect(server.mails).toMatchObject([
      { from: FROM, to: ["ada@a.example"], isSecure: true, user: "bot" },
    ]);
    const { head, body } = readMail(server.mails[0]?.text ?? "");
    expect(head).toContain("To: ada@a.example, bob@b.example\r\n");
    expect(head).toContain("Cc: eve@c.example\r\n");
    expect(head).toContain("Message-ID: <mail_1@house.example>\r\n");
    expect(head).toContain("Auto-Submitted: auto-generated\r\n");
    expect(head).toMatch(/^Date: \w{3}, \d{2} \w{3} \d{4} [\d:]{8} \+0000\r$/m);
    expect(head).toContain("Subject: =?UTF-8?");
    expect(body).toContain("Gr=C3=BC=C3=9Fe");
    expect(body).toMatch(/text\/plain[\s\S]*text\/html/);
    expect(troubles).toEqual([""]);
  });

  test("goes over TLS from the first byte where that is asked for", async () => {
    server = await openMailServer({ ...certificate, secure: true });
    expect(await send({ security: "tls" })).toMatchObject({ kind: "sent" });
    expect(server.mails).toMatchObject([{ isSecure: true }]);
  });

  test("leaves no connection open behind it", async () => {
    server = await openMailServer();
    await send();
    await send();
    expect(server.connections()).toBe(2);
    await expect.poll(() => server?.mails.length).toBe(2);
  });

  test("holds no second header, whatever its subject says", async () => {
    server = await openMailServer();
    const mail = { ...MAIL.mail, subject: "x\r\nBcc: eve@d.example\r\n\r\nbody" } as never;
    await send({}, { ...MAIL, mail });
    const { head } = readMail(server.mails[0]?.text ?? "");
    expect(head).not.toMatch(/^bcc:/im);
    expect(server.mails[0]?.to).toEqual(["ada@a.example"]);
  });
});

describe("certainly not sent", () => {
  const notSent = (error: RegExp) => ({ kind: "not_sent", error: expect.stringMatching(error) });

  test("where nobody listens", async () => {
    expect(await send({ port: await findFreePort() })).toEqual(notSent(/ECONNREFUSED/));
    expect(troubles).toEqual([expect.stringContaining("ECONNREFUSED")]);
  });

  test("without TLS, unless told otherwise", async () => {
    server = await openMailServer();
    expect(await send({ security: "starttls" })).toEqual(
      notSent(/it cannot do STARTTLS, which AGENT_RUNTIME_SMTP_SECURITY asks for \(50\d .+\)$/),
    );
    expect(server.arrived).toEqual([]);
  });

  test("to a server that is not who it says", async () => {
    server = await openMailServer({ ...untrusted });
    expect(await send({ security: "starttls" })).toEqual(notSent(/self-signed/));
    expect(server.arrived).toEqual([]);
  });

  test("with a wrong password, which is told nobody", async () => {
    server = await openMailServer({ ...certificate, password: PASSWORD });
    const result = await send({
      security: "starttls",
      login: { user: "bot", password: "s3cret-s3cret" },
    });
    expect(result).toEqual(notSent(/535/));
    expect(JSON.stringify(result)).not.toContain("s3cret");
  });

  test("to a server that does not greet in time", async () => {
    const silent = createServer(() => undefined);
    raw = silent;
    await new Promise<void>((ready) => silent.listen(0, "127.0.0.1", ready));
    const { port } = silent.address() as { port: number };
    expect(await send({ port, timeoutMs: 100 })).toEqual(notSent(/ETIMEDOUT/));
  });

  test.each([
    [550, "rejected"],
    [450, "not_sent"],
  ])("when its recipient is answered with %i, which is %s", async (code, kind) => {
    server = await openMailServer({ refuse: { "ada@a.example": code } });
    expect(await send()).toEqual({
      kind,
      error: `The mail server refuses it: ${code} 5.1.1 no such mailbox`,
    });
    expect(server.arrived).toEqual([]);
    expect(troubles).toEqual([""]);
  });

  test.each([
    [554, "rejected"],
    [451, "not_sent"],
  ])("when the whole mail is answered with %i, which is %s", async (code, kind) => {
    server = await openMailServer();
    server.answers.push({ code, text: "no" });
    expect(await send()).toMatchObject({ kind });
  });

  test("when it was stopped before it began", async () => {
    server = await openMailServer();
    expect(await send({}, MAIL, AbortSignal.abort())).toMatchObject({ kind: "not_sent" });
    expect(server.arrived).toEqual([]);
  });
});

describe("in doubt", () => {
  test("when the server cuts the line after it had the mail", async () => {
    server = await openMailServer();
    server.answers.push("cut");
    expect(await send()).toMatchObject({ kind: "uncertain" });
    expect(server.arrived).toHaveLength(1);
  });

  test("when the server falls silent after it had the mail", async () => {
    server = await openMailServer();
    server.answers.push("hang");
    expect(await send({ timeoutMs: 200 })).toMatchObject({ kind: "uncertain" });
    expect(server.arrived).toHaveLength(1);
  });

  test("when we are stopped while the server has the mail", async () => {
    server = await openMailServer();
    server.answers.push("hang");
    const stop = new AbortController();
    const sending = send({}, MAIL, stop.signal);
    await expect.poll(() => server?.arrived.length).toBe(1);
    stop.abort();
    expect(await sending).toMatchObject({ kind: "uncertain" });
  });
});
