import { MAIL_SECURITIES } from "../core/delivery/mail.ts";
import { hostName, mailAddress, oneOf, password, userName, wholeNumber } from "./kinds.ts";
import { optional, setting } from "./setting.ts";

/** Through which server mail goes out, and from whom. */
export const MAIL_SETTINGS = {
  host: optional("SMTP_HOST", hostName, "The server that takes our mail. Unset: no mail is sent."),
  port: setting(
    "SMTP_PORT",
    wholeNumber(1, 65_535),
    "587",
    "Its port: 587 goes with starttls, 465 with tls.",
  ),
  security: setting(
    "SMTP_SECURITY",
    oneOf(MAIL_SECURITIES),
    "starttls",
    "How the connection is encrypted; a server that cannot do that is sent nothing. none: not at all, mail and password can be read on the way.",
  ),
  username: optional("SMTP_USERNAME", userName, "Who logs in there. Unset: nobody does."),
  password: optional("SMTP_PASSWORD", password, "The password of that user."),
  from: optional("SMTP_FROM", mailAddress, "The address that mail is sent from."),
  timeoutSeconds: setting(
    "SMTP_TIMEOUT_SECONDS",
    wholeNumber(1, 600),
    "60",
    "How long the server may be silent before a mail counts as not taken, or as in doubt once it had it.",
  ),
} as const;
