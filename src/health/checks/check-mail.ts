import { type Check, fail, ok } from "../check.ts";

const NAME = "mail";

export interface MailOptions {
  /** `host:port as address`; `undefined`: no mail is sent. */
  readonly server: string | undefined;
  /** Whether the server may be asked. */
  readonly online: boolean;
  /** Greets it and logs in; what was wrong, or empty when nothing was. */
  readonly greet: (signal: AbortSignal) => Promise<string>;
}

/** Whether mail can be sent and, when asked to look, whether its server lets us in. */
export async function checkMail(
  { server, online, greet }: MailOptions,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  if (server === undefined)
    return [ok(NAME, "It is off: AGENT_RUNTIME_SMTP_HOST is not set here.")];
  if (!online) return [ok(NAME, `It goes out through ${server}. \`doctor --online\` asks there.`)];
  const trouble = await greet(signal);
  if (trouble === "") return [ok(NAME, `It goes out through ${server}, which lets us in.`)];
  return [fail(NAME, `${server} does not let us in: ${trouble}. Look at AGENT_RUNTIME_SMTP_*.`)];
}
