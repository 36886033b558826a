import type { BotIdentity } from "./bot-identity.ts";
import { type RecoverDeps, recoverFrom } from "./recover.ts";

const TIMEOUT_MS = 15_000;

/** Asks Telegram who we are until it tells. Rejects only with `signal.reason`. */
export async function identifyBot(deps: RecoverDeps, signal: AbortSignal): Promise<BotIdentity> {
  for (let failures = 1; ; failures++) {
    const result = await deps.api.call((raw, limited) => raw.getMe(limited), TIMEOUT_MS, signal);
    signal.throwIfAborted();
    const id: unknown = result.ok ? result.value?.id : undefined;
    if (result.ok && Number.isSafeInteger(id)) {
      const { username, can_read_all_group_messages: hearsGroups } = result.value;
      return {
        account: String(id),
        username: String(username ?? ""),
        hearsGroups: hearsGroups === true,
      };
    }
    const failure = result.ok
      ? ({ kind: "uncertain", text: "Telegram did not say which bot this is." } as const)
      : result.failure;
    await recoverFrom(deps, failure, failures, signal);
  }
}
