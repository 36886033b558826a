import { backoffMs } from "./backoff.ts";
import type { ConnectionStatus } from "./connection-status.ts";
import type { TelegramPorts } from "./ports.ts";
import type { TelegramApi } from "./telegram-api.ts";
import type { TelegramFailure } from "./telegram-failure.ts";

/** A refused token seldom becomes right by itself; an outage of Telegram's may say 401 for a while. */
const REFUSED_RETRY_MS = 5 * 60_000;
const CONFLICT_RETRY_MS = 5_000;
const TIMEOUT_MS = 15_000;

export interface RecoverDeps {
  readonly api: TelegramApi;
  readonly status: ConnectionStatus;
  readonly ports: Pick<TelegramPorts, "clock" | "random">;
}

/** Reports a failed call and settles when the next may be tried. Rejects only with `signal.reason`. */
export async function recoverFrom(
  { api, status, ports }: RecoverDeps,
  failure: TelegramFailure,
  failures: number,
  signal: AbortSignal,
): Promise<void> {
  status.failing(failure, failures);
  if (failure.kind === "conflict" && failure.webhook) {
    await api.call((raw, limited) => raw.deleteWebhook({}, limited), TIMEOUT_MS, signal);
  }
  await ports.clock.sleep(waitMsFor(failure, failures, ports.random), signal);
}

function waitMsFor(failure: TelegramFailure, failures: number, random: () => number): number {
  const waitMs = backoffMs(failures, random);
  switch (failure.kind) {
    case "flood":
      return failure.retryAfterMs;
    case "unauthorized":
      return REFUSED_RETRY_MS;
    case "refused":
      return failure.status === 404 ? REFUSED_RETRY_MS : waitMs;
    case "conflict":
      return failure.webhook ? waitMs : Math.max(waitMs, CONFLICT_RETRY_MS);
    case "bad_format":
    case "migrated":
    case "unreachable":
    case "uncertain":
      return waitMs;
  }
}
