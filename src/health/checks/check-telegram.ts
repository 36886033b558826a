import { describeError } from "../../core/errors.ts";
import { type Check, fail, ok, warn } from "../check.ts";
import type { ServedChannels } from "./check-channels.ts";

const NAME = "telegram";
const ANSWER_WITHIN_MS = 10_000;
const TOKEN = /^\d{5,15}:[\w-]{30,}$/;

export interface TelegramOptions {
  readonly token: string | undefined;
  readonly apiBase: string;
  /** Whether Telegram may be asked. */
  readonly online: boolean;
}

/** Whether the bot token looks like one and, when asked to look, whether Telegram knows it. */
export async function checkTelegram(
  options: TelegramOptions,
  channels: ServedChannels,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  if (options.token === undefined) return [checkWithoutToken(options.online, channels)];
  if (!TOKEN.test(options.token)) {
    return [
      fail(
        NAME,
        "AGENT_RUNTIME_TELEGRAM_TOKEN does not look like a token. Copy it again from @BotFather.",
      ),
    ];
  }
  if (!options.online) return [ok(NAME, "The token looks right. `doctor --online` asks Telegram.")];
  return [await askTelegram(options.apiBase, options.token, signal)];
}

/** The service may have been started with a token that the terminal of the doctor does not have. */
function checkWithoutToken(online: boolean, channels: ServedChannels): Check {
  if (channels === "not running")
    return ok(NAME, "It is off: AGENT_RUNTIME_TELEGRAM_TOKEN is not set here.");
  if (channels === "unknown") {
    return warn(
      NAME,
      "This was not looked at: AGENT_RUNTIME_TELEGRAM_TOKEN is not set here, and the running service cannot be asked about its channels. Set it here too, or write it into .env.",
    );
  }
  const channel = channels.find(({ connector }) => connector === "telegram");
  if (channel === undefined)
    return ok(NAME, "It is off: the running service has no AGENT_RUNTIME_TELEGRAM_TOKEN.");
  const whose = "Only the running service has the token, not this terminal.";
  if (channel.state === "running") return ok(NAME, `${whose} Telegram takes it.`);
  if (!online) return ok(NAME, whose);
  return warn(
    NAME,
    `${whose} So Telegram was not asked. Set AGENT_RUNTIME_TELEGRAM_TOKEN here too, or write it into .env.`,
  );
}

async function askTelegram(apiBase: string, token: string, signal: AbortSignal): Promise<Check> {
  let response: Response;
  try {
    response = await fetch(`${apiBase}/bot${token}/getMe`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
    });
  } catch (error) {
    const reason = error instanceof Error && error.cause !== undefined ? error.cause : error;
    return fail(
      NAME,
      `${apiBase} cannot be reached (${describeError(reason)}). Look at the network.`,
    );
  }
  const username = await readUsername(response);
  if (username !== undefined) return ok(NAME, `Telegram knows the bot as @${username}.`);
  if (response.status === 401 || response.status === 404) {
    return fail(NAME, "Telegram does not know this token. Copy it again from @BotFather.");
  }
  return fail(NAME, `Telegram answered with status ${response.status}. Try again later.`);
}

async function readUsername(response: Response): Promise<string | undefined> {
  const body = (await response.json().catch(() => undefined)) as
    | { result?: { username?: unknown } }
    | null
    | undefined;
  const username = body?.result?.username;
  return response.ok && typeof username === "string" ? username : undefined;
}
