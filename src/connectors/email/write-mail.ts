import MailComposer from "nodemailer/lib/mail-composer";
import { type EpochMs, toMailDate } from "../../core/clock.ts";
import { type MailHead, messageIdOf } from "../../core/delivery/mail.ts";
import type { OutboundPart } from "../../core/delivery/outbound-part.ts";

/** A mail as it goes over the wire, as text and as HTML. Nothing in it is read from a file or an address. */
export async function writeMail(
  { head, part }: { readonly head: MailHead; readonly part: OutboundPart },
  from: string,
  now: EpochMs,
): Promise<Buffer> {
  const mailboxes = (addresses: readonly string[]) =>
    addresses.map((address) => ({ name: "", address }));
  const mail = new MailComposer({
    from: { name: "", address: from },
    to: mailboxes(head.to),
    cc: mailboxes(head.cc),
    subject: head.subject,
    messageId: messageIdOf(head, from),
    date: toMailDate(now),
    text: part.plain,
    html: `<!doctype html>\n<meta charset="utf-8">\n${part.formatted}\n`,
    // Nobody's "I am away" answers what no person wrote by hand.
    headers: { "Auto-Submitted": "auto-generated" },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return await mail.compile().build();
}
