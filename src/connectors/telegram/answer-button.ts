import { withTimeout } from "../../core/abort.ts";
import type { TelegramPorts } from "./ports.ts";
import type { TelegramApi } from "./telegram-api.ts";

const TIMEOUT_MS = 10_000;
/** Telegram forgets a press soon, and shows it as under way until it is answered. */
const LONGEST_DECISION_MS = 3_000;
const UNDECIDED = "I will come to it in a moment. If nothing happens, press it again.";

interface Deps extends Pick<TelegramPorts, "clock" | "log" | "decideOnPress"> {
  readonly api: TelegramApi;
}

/**
 * Takes the waiting look off a pressed button and says what there is to say, in time, whatever the work then takes.
 * Best effort: the press itself is stored. Rejects only with `signal.reason`.
 */
export async function answerButton(
  deps: Deps,
  press: { readonly account: string; readonly callbackId: string },
  signal: AbortSignal,
): Promise<void> {
  const { api, log } = deps;
  const text = await decisionOn(deps, press, signal);
  const answer = {
    callback_query_id: press.callbackId,
    ...(text === undefined ? {} : { text, show_alert: true }),
  };
  const result = await api.call(
    (raw, limited) => raw.answerCallbackQuery(answer, limited),
    TIMEOUT_MS,
    signal,
  );
  if (result.ok) return;
  const { text: error } = result.failure;
  log.write("debug", "button not answered", { connector: "telegram", error });
}

async function decisionOn(
  { clock, decideOnPress }: Deps,
  { account, callbackId }: { readonly account: string; readonly callbackId: string },
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    return await withTimeout(clock, LONGEST_DECISION_MS, signal, (limited) =>
      decideOnPress(account, callbackId, limited),
    );
  } catch {
    signal.throwIfAborted();
    return UNDECIDED;
  }
}
