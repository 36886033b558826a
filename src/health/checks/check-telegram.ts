import { describeError } from "../../core/errors.ts";
import { type Check, fail, ok } from "../check.ts";

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
  signal: AbortSignal,
): Promise<readonly Check[]> {
  if (options.token === undefined)
    return [ok(NAME, "It is off: AGENT_RUNTIME_TELEGRAM_TOKEN is not set.")];
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
