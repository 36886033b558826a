import { withTimeout } from "../../core/abort.ts";
import type { Clock } from "../../core/clock.ts";
import type { OutboundSend, SendResult } from "../../core/delivery/outbound-part.ts";
import { type MailServer, type Posted, postMail } from "./post-mail.ts";
import { writeMail } from "./write-mail.ts";

export interface MailSenderOptions {
  readonly server: MailServer;
  /** Whom all mail is from. */
  readonly from: string;
}

export interface MailSenderDeps {
  readonly clock: Clock;
  /** How the server is, as the last mail found it; `trouble` is empty when it is well. */
  readonly report: (trouble: string) => void;
}

export interface MailSender {
  send(message: OutboundSend, signal: AbortSignal): Promise<SendResult>;
  reserveSlot(externalId: string): number;
}

/** A server that keeps saying something may take this many of its silences in all. */
const MOST_SILENCES = 5;

/** Sends mail, one recipient at a time; between mails nothing is kept open. The server sets the pace, by 4xx answers. */
export function createMailSender(
  { server, from }: MailSenderOptions,
  { clock, report }: MailSenderDeps,
): MailSender {
  return {
    async send({ to, part, mail: head }, signal) {
      if (head === undefined) return { kind: "rejected", error: "A mail needs a subject." };
      const message = await writeMail({ head, part }, from, clock.now());
      const mail = { from, to: to.externalId, message };
      const mostMs = MOST_SILENCES * server.timeoutMs;
      const posted = await withTimeout(clock, mostMs, signal, (limited) =>
        postMail(server, mail, limited),
      );
      report(posted.kind === "failed" ? `The mail server: ${posted.error}.` : "");
      return toSendResult(posted, head.id);
    },
    reserveSlot: () => 0,
  };
}

/** A 5xx is for good and a 4xx for now; both are certain. `id` stands for the receipt. */
function toSendResult(posted: Posted, id: string): SendResult {
  switch (posted.kind) {
    case "taken":
      return { kind: "sent", externalMessageId: id };
    case "refused":
      return {
        kind: posted.code >= 500 ? "rejected" : "not_sent",
        error: `The mail server refuses it: ${posted.error}`,
      };
    case "failed":
      return {
        kind: posted.isWritten ? "uncertain" : "not_sent",
        error: `The mail server did not take it: ${posted.error}`,
      };
  }
}
