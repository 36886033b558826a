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
  if (username !== undefined && password === undefined) {
    problems.push(`${PREFIX}SMTP_USERNAME needs ${PREFIX}SMTP_PASSWORD.`);
  }
  const warnings: string[] = [];
  if (host === undefined && from !== undefined) {
    warnings.push(`${PREFIX}SMTP_FROM has no effect without ${PREFIX}SMTP_HOST: no mail is sent.`);
  }
  if (password !== undefined && username === undefined) {
    warnings.push(`${PREFIX}SMTP_PASSWORD has no effect without ${PREFIX}SMTP_USERNAME.`);
  }
  const isHere = host !== undefined && isLoopbackUrl(`http://${bracketed(host)}`);
  if (security === "none" && username !== undefined && host !== undefined && !isHere) {
    const what = "the password for mail can be read on its way to";
    warnings.push(`${PREFIX}SMTP_SECURITY is none: ${what} ${host}.`);
  }
  return { problems, warnings };
}

function bracketed(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
