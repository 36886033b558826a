import type { AddressInfo, Socket } from "node:net";
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from "smtp-server";

interface TakenMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly text: string;
  readonly isSecure: boolean;
  readonly user: string | undefined;
}

export interface OpenMailServer {
  readonly port: number;
  /** What it has taken for good. */
  readonly mails: readonly TakenMail[];
  /** Mails that came whole, whatever was said to them. */
  readonly arrived: readonly TakenMail[];
  /** What it does once a mail has come whole; then it takes every mail. */
  readonly answers: MailAnswer[];
  readonly connections: () => number;
  close(): Promise<void>;
}

/** `hang`: never answers. `cut`: ends the connection without a word. Else what it says, with its code. */
type MailAnswer = "take" | "hang" | "cut" | { readonly code: number; readonly text: string };

/** A mail server on a real socket. `refuse`: the recipients it wants nothing for. */
export async function openMailServer(
  options: SMTPServerOptions & {
    readonly refuse?: Readonly<Record<string, number>>;
    readonly password?: string;
    /** Asked before a mail is taken and after; false: the line is cut there. */
    readonly pass?: (side: "before" | "after") => boolean;
  } = {},
): Promise<OpenMailServer> {
  const { refuse = {}, password, pass = () => true, ...rest } = options;
  const [mails, arrived, answers]: [TakenMail[], TakenMail[], MailAnswer[]] = [[], [], []];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = new SMTPServer({
    authOptional: password === undefined,
    disableReverseLookup: true,
    closeTimeout: 100,
    disabledCommands: rest.key === undefined ? ["STARTTLS"] : [],
    ...rest,
    onConnect(_session, done) {
      connections += 1;
      done();
    },
    onAuth(auth, _session, done) {
      if (auth.password === password) done(null, { user: auth.username });
      else done(withCode(535, "wrong password"));
    },
    onRcptTo({ address }, _session, done) {
      const code = refuse[address];
      done(code === undefined ? null : withCode(code, "5.1.1 no such\r\n\u0007 mailbox"));
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const mail = readMail(session, Buffer.concat(chunks));
        arrived.push(mail);
        answer(mail, done);
      });
    },
  });
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  function answer(mail: TakenMail, done: (error?: Error) => void): void {
    const next = pass("before") ? (answers.shift() ?? "take") : "cut";
    if (next === "take") mails.push(mail);
    if (next === "cut" || !pass("after")) cut();
    else if (next === "take") done();
    else if (next !== "hang") done(withCode(next.code, next.text));
  }
  server.on("error", () => undefined);
  server.server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    arrived,
    answers,
    connections: () => connections,
    close: () => {
      cut();
      return new Promise((done) => server.close(() => done()));
    },
  };
}

function readMail({ envelope, secure, user }: SMTPServerSession, text: Buffer): TakenMail {
  return {
    from: envelope.mailFrom === false ? "" : envelope.mailFrom.address,
    to: envelope.rcptTo.map(({ address }) => address),
    text: text.toString("utf8"),
    isSecure: secure,
    user,
  };
}

function withCode(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode });
}
