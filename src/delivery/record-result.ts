import type { SendResult } from "../core/delivery/outbound-part.ts";
import { MAX_ATTEMPTS } from "../core/job/job.ts";
import { nextAttemptAt, nextRareAttemptAt } from "../core/job/retry-policy.ts";
import { recordDraft } from "./deliver-draft.ts";
import {
  type DeliveryProgress,
  moveTo,
  renderInstead,
  type ShownDraft,
  waitingState,
} from "./delivery-progress.ts";
import { die, type Run, settle } from "./delivery-run.ts";
import { offlineWaitMs } from "./offline-wait.ts";
import { leaveDraft } from "./shown-draft.ts";

/** A channel that cannot be reached is tried again for a day; that is nobody's fault and counts no attempt. */
const OFFLINE_LIMIT_MS = 24 * 60 * 60_000;
/** Then the reply is a message of its own, with the tries that are left. */
const MAX_EDIT_ATTEMPTS = 3;

/** Stores what became of a part; on the way to the next part that is left to the commit before it. */
export async function record(
  run: Run,
  progress: DeliveryProgress,
  result: SendResult,
): Promise<DeliveryProgress | undefined> {
  const isReached = result.kind !== "not_sent" || result.retryAfterMs !== undefined;
  if (isReached) run.offline.forget(run.row.id);
  if (run.row.kind === "draft") return recordDraft(run, progress, result);
  switch (result.kind) {
    case "sent":
      return recordReceipt(run, progress, result.externalMessageId);
    case "not_sent":
      return recordNotSent(run, progress, result.error, result.retryAfterMs);
    case "uncertain":
      return progress.draft === undefined
        ? recordUncertain(run, progress, result.error)
        : recordUncertainEdit(run, progress, progress.draft, result.error);
    case "bad_format":
      return sayInstead(run, progress) ?? die(run, progress, result.error);
    case "rejected":
      return progress.draft === undefined
        ? die(run, progress, result.error)
        : leaveDraft(run, progress, progress.draft, result.error);
  }
}

/** The delivery with something else in place of the refused part and the rest; stored by the commit before its send. */
function sayInstead(run: Run, progress: DeliveryProgress): DeliveryProgress | undefined {
  const sent = progress.receipts.length;
  const refused = progress.parts[sent];
  const instead = refused && renderInstead(run.row, run.channel.format, refused);
  if (instead === undefined) return undefined;
  return { ...progress, parts: [...progress.parts.slice(0, sent), ...instead], areStored: false };
}

async function recordReceipt(run: Run, progress: DeliveryProgress, externalMessageId: string) {
  const next = {
    ...progress,
    receipts: [...progress.receipts, externalMessageId],
    isRepeat: false,
    draft: undefined,
  };
  if (next.receipts.length < next.parts.length) return next;
  await settle(run, { kind: "done" }, () => moveTo(next, "sent", null));
  return undefined;
}

async function recordNotSent(
  run: Run,
  progress: DeliveryProgress,
  error: string,
  retryAfterMs: number | undefined,
) {
  const offlineMs =
    retryAfterMs === undefined ? run.offline.sinceMs(run.row.id, run.clock.monotonicMs()) : 0;
  if (offlineMs > OFFLINE_LIMIT_MS) {
    run.offline.forget(run.row.id);
    return die(run, progress, error);
  }
  const waitMs = retryAfterMs ?? offlineWaitMs(offlineMs, run.random());
  const untilMs = run.clock.now() + Math.ceil(waitMs);
  await settle(run, { kind: "snooze", untilMs }, () =>
    moveTo(progress, waitingState(progress), error),
  );
  return undefined;
}

async function recordUncertain(run: Run, progress: DeliveryProgress, error: string) {
  const { attempts } = run.context.job;
  const doubtful = { ...progress, isRepeat: true };
  if (attempts >= MAX_ATTEMPTS) return die(run, doubtful, `${error} (it may have arrived)`);
  const now = run.clock.now();
  const { doubtMs } = run.channel;
  // Every try may put one more copy into the chat, so they lie further apart.
  const soon = nextRareAttemptAt(now, attempts, run.random());
  const atMs = doubtMs === undefined ? soon : now + doubtMs;
  await settle(run, { kind: "retry", atMs, error }, () => moveTo(doubtful, "unknown", error));
  return undefined;
}

/**
 * An edit may be made twice, so it is tried again without a mark; but what may be long in coming must not hold the reply
 * up. As a message of its own it may be a repeat of what the draft has become.
 */
async function recordUncertainEdit(
  run: Run,
  progress: DeliveryProgress,
  draft: ShownDraft,
  error: string,
) {
  const { attempts } = run.context.job;
  if (attempts >= MAX_EDIT_ATTEMPTS) {
    return leaveDraft(run, { ...progress, isRepeat: true }, draft, error);
  }
  const atMs = nextAttemptAt(run.clock.now(), attempts, run.random());
  await settle(run, { kind: "retry", atMs, error }, () =>
    moveTo(progress, waitingState(progress), error),
  );
  return undefined;
}
