import { sha256Hex } from "../../core/ids.ts";
import { backoffMs } from "./backoff.ts";
import type { BotIdentity } from "./bot-identity.ts";
import type { MenuEntry, TelegramPorts } from "./ports.ts";
import type { TelegramApi } from "./telegram-api.ts";

const TIMEOUT_MS = 15_000;
const MOST_TRIES = 5;
const MOST_ENTRIES = 100;

/** Entries as Telegram takes them: `/pair-me` is `pair_me`; at most 32 and 256 characters. */
function toTelegramMenu(menu: readonly MenuEntry[]): readonly MenuEntry[] {
  const entries = menu.map(({ command, description }) => ({
    command: command.replace(/^\//, "").replaceAll("-", "_").toLowerCase().slice(0, 32),
    description: description.trim().slice(0, 256).toWellFormed(),
  }));
  return entries
    .filter(({ command, description }) => /^[a-z0-9_]+$/.test(command) && description !== "")
    .slice(0, MOST_ENTRIES);
}

type Deps = Pick<TelegramPorts, "readSetting" | "writeSetting" | "clock" | "log" | "random"> & {
  readonly api: TelegramApi;
};

/**
 * Registers the menu, only when it is not the one registered last: Telegram locks out bots that do it at every start.
 * Best effort: waits when told to, gives up after five tries until the next start. Rejects only with `signal.reason`.
 */
export async function registerMenu(
  { api, readSetting, writeSetting, clock, log, random }: Deps,
  bot: BotIdentity,
  menu: readonly MenuEntry[],
  signal: AbortSignal,
): Promise<void> {
  const commands = toTelegramMenu(menu);
  if (commands.length === 0) return;
  const key = `telegram-menu:${bot.account}`;
  const hash = sha256Hex(JSON.stringify(commands));
  if ((await readSetting(key)) === hash) return;
  for (let tries = 1; tries <= MOST_TRIES; tries++) {
    const result = await api.call(
      (raw, limited) => raw.setMyCommands({ commands }, limited),
      TIMEOUT_MS,
      signal,
    );
    if (result.ok) return writeSetting(key, hash);
    signal.throwIfAborted();
    const { failure } = result;
    log.write("warn", "menu not registered", { connector: "telegram", error: failure.text });
    if (failure.kind === "refused") return;
    const waitMs = failure.kind === "flood" ? failure.retryAfterMs : backoffMs(tries, random);
    await clock.sleep(waitMs, signal);
  }
}
