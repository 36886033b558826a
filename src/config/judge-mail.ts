import { isLoopbackUrl } from "../core/listen-address.ts";
import type { Values } from "./config.ts";
import { PREFIX } from "./setting.ts";

/** What is wrong with the settings for mail as a whole, and what is hardly meant; one sentence each. */
export function judgeMail({ host, from, username, password, security }: Values["mail"]): {
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
} {
  const problems: string[] = [];
  if (host !== undefined && from === undefined) {
    problems.push(`${PREFIX}SMTP_HOST needs ${PREFIX}SMTP_FROM: the address that mail is from.`);
  }
  if ((username === undefined) !== (password === undefined)) {
    problems.push(`${PREFIX}SMTP_USERNAME and ${PREFIX}SMTP_PASSWORD belong together. Set both.`);
  }
  const isBare = security === "none" && password !== undefined && host !== undefined;
  const isHere = host !== undefined && isLoopbackUrl(`http://${bracketed(host)}`);
  const warning = `${PREFIX}SMTP_SECURITY is none: the password for mail can be read on its way to ${host}.`;
  return { problems, warnings: isBare && !isHere ? [warning] : [] };
}

function bracketed(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
