import type { MailHead } from "../core/delivery/mail.ts";
import { cardOfMail } from "../core/delivery/queue-mail.ts";
import type { Effect } from "../core/effect/effect.ts";
import { code, doc, p } from "../core/rich-text/build.ts";
import type { OperationDeps } from "./operation.ts";
import { reviseCards } from "./revise-cards.ts";

/** Takes the button off a card by which mail could be taken back. Mail that never waited has no card. */
export async function reviseMailCard(
  deps: OperationDeps,
  mail: MailHead,
  what: string,
): Promise<readonly Effect[]> {
  const { id, subject, to, cc } = mail;
  const body = doc(p(`${what}: mail to `, code([...to, ...cc].join(", ")), ": ", code(subject)));
  return await reviseCards(deps, cardOfMail(id), () => body);
}
