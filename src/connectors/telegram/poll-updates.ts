import type { Update } from "grammy/types";
import type { InboundMessage } from "../../core/message/inbound-message.ts";
import { backoffMs } from "./backoff.ts";
import type { BotIdentity } from "./bot-identity.ts";
import type { TelegramPorts } from "./ports.ts";
import { asJsonObject, readInteger } from "./read-json.ts";
import { type RecoverDeps, recoverFrom } from "./recover.ts";
import { createRestAfterPoll } from "./rest-after-poll.ts";
import type { CallResult } from "./telegram-api.ts";
import { toInboundMessage } from "./to-inbound-message.ts";

/** Channel posts are asked for so that their drop is on record. */
const ALLOWED_UPDATES = [
  "message",
  "edited_message",
  "callback_query",
  "my_chat_member",
  "channel_post",
] as const satisfies readonly (keyof Update)[];
const BATCH = 100;
/** How much longer than the poll itself an answer may take before the connection counts as dead. */
const GRACE_MS = 10_000;

/** How long a poll may still wait whose connection is dead. */
export function longestPollMs(waitSeconds: number): number {
  return waitSeconds * 1_000 + GRACE_MS;
}

interface PollDeps extends RecoverDeps {
  readonly bot: BotIdentity;
  readonly ports: TelegramPorts;
  readonly pollSeconds: number;
  /** Called after a batch is committed; must not throw. */
  onCommitted(batch: readonly InboundMessage[]): void;
  /** Called after every poll that Telegram answered. */
  onPolled(): void;
}

interface Progress {
  /**
   * What the next poll confirms: one more than the highest id committed. None at start and once it is confirmed:
   * whatever waits then comes, also under ids that started anew.
   */
  offset: number | undefined;
  failures: number;
}

interface Batch {
  readonly messages: readonly InboundMessage[];
  readonly nextOffset: number;
}

/**
 * Polls, stores, and only then confirms, until `signal` aborts. Update ids are never compared to drop anything:
 * Telegram may start them anew; what was stored before is told apart by its message id.
 */
export async function pollUpdates(deps: PollDeps, signal: AbortSignal): Promise<void> {
  const { clock } = deps.ports;
  const progress: Progress = { offset: undefined, failures: 0 };
  const rest = createRestAfterPoll(deps.ports);
  // The first poll and the first after a failure ask only what waits, so that the state is known at once.
  let waitSeconds = 0;
  while (!signal.aborted) {
    const startedMs = clock.monotonicMs();
    const result = await getUpdates(deps, waitSeconds, progress.offset, signal);
    signal.throwIfAborted();
    const tookMs = clock.monotonicMs() - startedMs;
    const batch = readBatch(deps, result);
    if (!batch.ok) {
      await recoverFrom(deps, batch.failure, ++progress.failures, signal);
    } else {
      deps.onPolled();
      if (await takeBatch(deps, batch.value, progress, signal)) {
        const { offset } = progress;
        progress.offset = batch.value?.nextOffset;
        const waitMs = waitSeconds * 1_000;
        await rest({ offset, nextOffset: progress.offset, waitMs, tookMs }, signal);
      }
    }
    waitSeconds = progress.failures === 0 ? deps.pollSeconds : 0;
  }
}

function getUpdates(
  { api }: PollDeps,
  waitSeconds: number,
  offset: number | undefined,
  signal: AbortSignal,
): Promise<CallResult<unknown>> {
  const params = {
    limit: BATCH,
    timeout: waitSeconds,
    allowed_updates: ALLOWED_UPDATES,
    ...(offset === undefined ? {} : { offset }),
  };
  const timeoutMs = longestPollMs(waitSeconds);
  return api.call((raw, limited) => raw.getUpdates(params, limited), timeoutMs, signal);
}

/** `undefined` when nothing came. An answer that holds no update we could ever confirm counts as a failed call. */
function readBatch(
  { bot, ports }: PollDeps,
  result: CallResult<unknown>,
): CallResult<Batch | undefined> {
  if (!result.ok) return result;
  const updates: unknown = result.value;
  if (!Array.isArray(updates)) return unreadable();
  const ids = updates.flatMap((update) => readInteger(asJsonObject(update), "update_id") ?? []);
  if (ids.length === 0) return updates.length === 0 ? { ok: true, value: undefined } : unreadable();
  const now = ports.clock.now();
  const messages = updates.map((update) => toInboundMessage(update, bot, now));
  return { ok: true, value: { messages, nextOffset: Math.max(...ids) + 1 } };
}

function unreadable(): CallResult<never> {
  return {
    ok: false,
    failure: { kind: "uncertain", text: "Telegram's answer to a poll could not be read." },
  };
}

/** Whether the batch is stored. When not, some time has passed. */
async function takeBatch(
  { bot, ports, status, onCommitted }: PollDeps,
  batch: Batch | undefined,
  progress: Progress,
  signal: AbortSignal,
): Promise<boolean> {
  if (batch !== undefined) {
    try {
      await ports.receive(batch.messages, {
        account: bot.account,
        value: String(batch.nextOffset),
      });
    } catch (error) {
      ports.log.write("error", "batch not stored", { connector: "telegram", error });
      status.notStored();
      await ports.clock.sleep(backoffMs(++progress.failures, ports.random), signal);
      return false;
    }
    onCommitted(batch.messages);
  }
  progress.failures = 0;
  status.connected(bot.username);
  return true;
}
