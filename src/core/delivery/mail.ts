/** What stands above the text of a mail. Each of its recipients has a delivery of their own. */
export interface MailHead {
  /** `mail_…`: the same in all its deliveries. */
  readonly id: string;
  readonly subject: string;
  readonly to: readonly string[];
  readonly cc: readonly string[];
}

/** `starttls` and `tls` are both safe, and both refuse a server that is not; they differ in who speaks first. */
export const MAIL_SECURITIES = ["starttls", "tls", "none"] as const;
export type MailSecurity = (typeof MAIL_SECURITIES)[number];

export const LONGEST_SUBJECT = 200;
const LONGEST_ADDRESS = 254;

/** Letters of a plain address; no quotes, and nothing by which old servers were told another way (`%`, `!`). */
const LOCAL_PART = /^[\w#$&'*+/=?^`{|}~][\w#$&'*+/=?^`{|}~-]*(?:\.[\w#$&'*+/=?^`{|}~-]+)*$/;
const DOMAIN = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/i;

/** `local@domain` with the domain in lower case; `undefined` when it is none, or no plain one. */
export function parseMailAddress(text: string): string | undefined {
  const at = text.lastIndexOf("@");
  const [local, domain] = [text.slice(0, at), text.slice(at + 1)];
  if (text.length > LONGEST_ADDRESS || at < 1 || at > 64) return undefined;
  if (!LOCAL_PART.test(local) || !DOMAIN.test(domain)) return undefined;
  return `${local}@${domain.toLowerCase()}`;
}

/** The same whenever the mail is sent again, so that whoever gets it twice can know it. */
export function messageIdOf({ id }: Pick<MailHead, "id">, from: string): string {
  return `<${id}@${from.slice(from.lastIndexOf("@") + 1)}>`;
}
