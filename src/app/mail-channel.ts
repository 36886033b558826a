import type { Config } from "../config/config.ts";
import type { MailServer } from "../connectors/email/post-mail.ts";
import type { Clock } from "../core/clock.ts";
import type { OutboundSend, SendResult } from "../core/delivery/outbound-part.ts";
import type { Channel } from "../delivery/ports.ts";
import { emailFormat } from "../delivery/render/email.ts";
import type { ChannelState } from "../http-api/ports.ts";
import type { ConnectedChannel } from "./telegram.ts";

/** A mail in doubt is left alone for so long: by then it has mostly shown up, or the server has said that it will not. */
const DOUBT_MS = 10 * 60_000;

/**
 * The same channels, and mail besides: what is to be sent goes through the server of the settings. Nothing of it is
 * loaded, or connected, before the first mail goes out.
 */
export function withMail(
  others: ConnectedChannel,
  settings: Config["mail"],
  deps: { readonly clock: Clock },
): ConnectedChannel {
  const { from } = settings;
  const server = mailServerOf(settings);
  if (server === undefined || from === undefined) return others;
  let trouble = "";
  const report = (found: string) => {
    trouble = found;
  };
  const loadSender = async () => {
    const { createMailSender } = await import("../connectors/email/mail-sender.ts");
    return createMailSender({ server, from }, { ...deps, report });
  };
  let loading: ReturnType<typeof loadSender> | undefined;
  const sender = {
    async send(message: OutboundSend, signal: AbortSignal): Promise<SendResult> {
      loading ??= loadSender();
      return await (await loading).send(message, signal);
    },
    reserveSlot: () => 0,
  };
  const judge = (): ChannelState => ({
    connector: "email",
    account: from,
    state: trouble === "" ? "running" : "degraded",
    message: trouble,
  });
  const channel: Channel = { account: from, format: emailFormat, sender, doubtMs: DOUBT_MS };
  return {
    ...others,
    channels: new Map([...others.channels, ["email", channel]]),
    listStates: () => [...others.listStates(), judge()],
    describeStates: () => [...others.describeStates(), judge()],
    measure: () => [
      ...others.measure(),
      { connector: "email", account: from, isUp: trouble === "", silentMs: undefined },
    ],
  };
}

/** Greets the server that mail goes through; what was wrong, or empty when nothing was. */
export async function greetMailServer(
  settings: Config["mail"],
  signal: AbortSignal,
): Promise<string> {
  const server = mailServerOf(settings);
  if (server === undefined) return "none is set";
  const { greetServer } = await import("../connectors/email/post-mail.ts");
  const greeted = await greetServer(server, signal);
  return greeted.kind === "taken" ? "" : greeted.error;
}

/** `undefined`: no mail is sent. */
function mailServerOf(settings: Config["mail"]): MailServer | undefined {
  const { host, port, security, username: user, password, timeoutSeconds } = settings;
  if (host === undefined) return undefined;
  const login = user === undefined || password === undefined ? undefined : { user, password };
  return { host, port, security, login, timeoutMs: timeoutSeconds * 1_000 };
}
