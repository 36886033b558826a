import type { ConnectorState, TelegramPorts } from "./ports.ts";
import type { TelegramFailure } from "./telegram-failure.ts";

/** Remembers how the connection is; reports and logs only what changes. */
export interface ConnectionStatus {
  starting(): void;
  connected(username: string): void;
  /** Something went wrong for the `failures`-th time in a row. */
  failing(failure: TelegramFailure, failures: number): void;
  /** What arrived could not be stored. */
  notStored(): void;
  /** A fault of our own has ended the polling. */
  broken(): void;
}

const LEVEL = { starting: "debug", connected: "info", degraded: "warn", failed: "error" } as const;

export function createConnectionStatus({
  report,
  log,
}: Pick<TelegramPorts, "report" | "log">): ConnectionStatus {
  let current: ConnectorState | undefined;
  let currentDetail = "";

  function move(state: ConnectorState, detail: string): void {
    if (state === current && detail === currentDetail) return;
    current = state;
    currentDetail = detail;
    log.write(LEVEL[state], `telegram ${state}`, { connector: "telegram", detail });
    report(state, detail);
  }

  return {
    starting: () => move("starting", "Connecting to Telegram."),
    connected: (username) => move("connected", `Connected as @${username}.`),
    failing(failure, failures) {
      // One cut connection is everyday life; people hear of the second.
      if (current === "connected" && failures < 2 && isPassing(failure)) {
        log.write("debug", "telegram call failed", { connector: "telegram", error: failure.text });
        return;
      }
      move(isFinal(failure) ? "failed" : "degraded", sentenceFor(failure));
    },
    broken: () =>
      move(
        "degraded",
        "A fault stopped the polling; it starts again by itself. The log tells more.",
      ),
    notStored: () =>
      move("degraded", "Messages from Telegram cannot be stored; they will be fetched again."),
  };
}

function isPassing({ kind }: TelegramFailure): boolean {
  return kind === "unreachable" || kind === "uncertain";
}

function isFinal(failure: TelegramFailure): boolean {
  return failure.kind === "unauthorized" || isUnknownBot(failure);
}

/** Telegram answers 404 to a token that has not even the form of one. */
function isUnknownBot(failure: TelegramFailure): boolean {
  return failure.kind === "refused" && failure.status === 404;
}

function sentenceFor(failure: TelegramFailure): string {
  if (failure.kind === "unauthorized") {
    return "Telegram refused the bot token (401). Check AGENT_RUNTIME_TELEGRAM_TOKEN.";
  }
  if (isUnknownBot(failure)) {
    return "Telegram knows no such bot (404). Check AGENT_RUNTIME_TELEGRAM_TOKEN and AGENT_RUNTIME_TELEGRAM_API_BASE.";
  }
  if (failure.kind !== "conflict") return failure.text;
  return failure.webhook
    ? "A webhook takes this bot's messages (409). It is being removed."
    : "Another process polls this bot (409). Stop it, or use a bot of your own.";
}
