import { Readable } from "node:stream";
import SMTPConnection from "nodemailer/lib/smtp-connection";
import type { MailSecurity } from "../../core/delivery/mail.ts";

/** A server that takes mail from us. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  readonly security: MailSecurity;
  readonly login: { readonly user: string; readonly password: string } | undefined;
  /** How long it may be silent. */
  readonly timeoutMs: number;
}

/** What became of a mail, as surely as the conversation tells. */
export type Posted =
  | { readonly kind: "taken" }
  /** The server said no to this mail; `code` is its answer. */
  | { readonly kind: "refused"; readonly code: number; readonly error: string }
  /** The conversation broke off. `isWritten` is false when certainly nothing of the mail has left. */
  | { readonly kind: "failed"; readonly isWritten: boolean; readonly error: string };

interface SmtpError extends Error {
  readonly code?: string;
  readonly command?: string;
  readonly responseCode?: number;
  readonly response?: string;
}

/** Greets, makes the connection safe and logs in: what comes before any mail. Never throws. */
export async function greetServer(server: MailServer, signal: AbortSignal): Promise<Posted> {
  return await converse(server, signal, async () => undefined);
}

/** Hands one mail to the server for one recipient, on a connection of its own. Never throws. */
export async function postMail(
  server: MailServer,
  mail: { readonly from: string; readonly to: string; readonly message: Buffer },
  signal: AbortSignal,
): Promise<Posted> {
  const written = { yet: false };
  const envelope = { from: mail.from, to: [mail.to], size: mail.message.length };
  return await converse(
    server,
    signal,
    (connection) =>
      new Promise((taken, failed) => {
        connection.send(envelope, noticingReads(mail.message, written), (error) =>
          error ? failed(error) : taken(undefined),
        );
      }),
    written,
  );
}

/** It is read only once the server has asked for the mail itself. */
function noticingReads(message: Buffer, written: { yet: boolean }): Readable {
  return new Readable({
    read() {
      written.yet = true;
      this.push(message);
      this.push(null);
    },
  });
}

async function converse(
  server: MailServer,
  signal: AbortSignal,
  work: (connection: SMTPConnection) => Promise<unknown>,
  written = { yet: false },
): Promise<Posted> {
  const connection = connectionTo(server);
  let isStopped = signal.aborted;
  const broken = new Promise<never>((_, failed) => {
    connection.on("error", failed);
    connection.on("end", () => failed(new Error("connection closed")));
    const stop = () => {
      isStopped = true;
      failed(new Error("no answer in time"));
    };
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
  try {
    await Promise.race([broken, open(connection, server).then(() => work(connection))]);
    connection.quit();
    return { kind: "taken" };
  } catch (error) {
    connection.close();
    return readFailure(error as SmtpError, written.yet, isStopped);
  }
}

async function open(connection: SMTPConnection, { login }: MailServer): Promise<void> {
  await new Promise<void>((done, failed) => {
    connection.connect((error) => (error ? failed(error) : done()));
  });
  if (login === undefined) return;
  const { user, password: pass } = login;
  await new Promise<void>((done, failed) => {
    connection.login({ user, pass, credentials: { user, pass } }, (error) =>
      error ? failed(error) : done(),
    );
  });
}

function connectionTo({ host, port, security, timeoutMs }: MailServer): SMTPConnection {
  return new SMTPConnection({
    host,
    port,
    secure: security === "tls",
    requireTLS: security === "starttls",
    ignoreTLS: security === "none",
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    maxResponseSize: 64 * 1024,
    tls: { minVersion: "TLSv1.2" },
  });
}

/** Only an answer to the mail itself, or to whom it is from and for, is a word about it. */
const ABOUT_THE_MAIL: readonly string[] = ["MAIL FROM", "RCPT TO", "DATA"];

/** Of a mail that is longer than the server said it takes, which was not even offered. */
const TOO_LONG = 552;

function readFailure(error: SmtpError, isWritten: boolean, isStopped: boolean): Posted {
  const { command = "" } = error;
  const code = error.responseCode ?? (error.code === "EMESSAGE" ? TOO_LONG : undefined);
  const isAnswer = code !== undefined && ABOUT_THE_MAIL.includes(command);
  if (!isStopped && isAnswer) return { kind: "refused", code, error: describe(error) };
  return { kind: "failed", isWritten, error: describe(error) };
}

/** What the server said, on one line; else what kind of trouble it was. */
function describe({ command, response, code, message }: SmtpError): string {
  const said = (response ?? `${code ?? ""} ${message}`)
    .replace(/[\s\p{C}]+/gu, " ")
    .trim()
    .slice(0, 200);
  // What it says is that it does not know the word, and hardly tells anybody why nothing is sent.
  return command === "STARTTLS" && response !== undefined
    ? `it cannot do STARTTLS, which AGENT_RUNTIME_SMTP_SECURITY asks for (${said})`
    : said;
}
