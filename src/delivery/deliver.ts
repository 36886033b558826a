import { SYSTEM_ACTOR } from "../core/access/actor.ts";
import type { DeliveryState } from "../core/delivery/delivery.ts";
import type { SendResult } from "../core/delivery/outbound-part.ts";
import { AppError } from "../core/errors.ts";
import { MAX_ATTEMPTS } from "../core/job/job.ts";
import { nextAttemptAt } from "../core/job/retry-policy.ts";
import type { JobContext, JobHandler } from "../orchestrator/job-handler.ts";
import { type DeliveryRow, deliveryById } from "../store/queries/deliveries.ts";
import { beginDraft, failDraft, recordDraft } from "./deliver-draft.ts";
import { deliverEdit } from "./deliver-edit.ts";
import {
  type DeliveryProgress,
  moveTo,
  readProgress,
  renderInstead,
  type ShownDraft,
  waitingState,
} from "./delivery-progress.ts";
import { advance, bury, type DeliverDeps, die, type Run, settle } from "./delivery-run.ts";
import { createOfflineTimes } from "./offline-times.ts";
import { offlineWaitMs } from "./offline-wait.ts";
import type { Channel } from "./ports.ts";
import { createSendPace } from "./send-pace.ts";
import { sendPart } from "./send-part.ts";
import { findShownDraft, inPlaceOf, leaveDraft } from "./shown-draft.ts";

/** Shorter waits are slept through; longer ones give the worker back. */
const LONGEST_SLEEP_MS = 1_000;
/** A channel that cannot be reached is tried again for a day; that is nobody's fault and counts no attempt. */
const OFFLINE_LIMIT_MS = 24 * 60 * 60_000;
/** Then the reply is a message of its own, with the tries that are left. */
const MAX_EDIT_ATTEMPTS = 3;
/** Never sent again. A dead one is, when its job is replayed. */
const OVER: ReadonlySet<DeliveryState> = new Set(["sent", "kept", "failed", "dropped"]);

/**
 * Sends a reply, part by part, in order: one commit before each part and one after. What was sent is never sent
 * again; what may have been sent is sent again with a mark; what cannot be sent is dead and told to the owner.
 */
export function createDeliverHandler(deps: DeliverDeps): JobHandler<"deliver"> {
  const pace = createSendPace();
  const offline = createOfflineTimes();
  return {
    kind: "deliver",

    async run(context) {
      const row = await deps.store.first(deliveryById, { id: context.job.payload.deliveryId });
      if (row === undefined || OVER.has(row.state)) return settleAlone(context);
      if (row.kind === "edit") return deliverEdit({ ...deps, context, row, pace });
      const channel = deps.channels.get(row.connector);
      if (channel === undefined || !isOurs(channel, row)) {
        return refuse(context, row, whyNoChannel(row, channel));
      }
      const run: Run = { ...deps, context, row, channel, pace, offline };
      let progress = await begin(run);
      while (progress !== undefined) progress = await sendNext(run, progress);
    },

    async onGiveUp(job, error, now) {
      const row = await deps.store.first(deliveryById, { id: job.payload.deliveryId });
      if (row === undefined || row.state === "dead" || OVER.has(row.state)) {
        return { effects: [], seen: [] };
      }
      if (row.kind === "draft") return { effects: [failDraft(row, error)], seen: [] };
      return bury(deps.store, row, error, now);
    },
  };
}

function isOurs({ account }: Channel, row: DeliveryRow): boolean {
  return account === undefined || account === row.account;
}

function whyNoChannel(row: DeliveryRow, channel: Channel | undefined): string {
  if (channel === undefined) return `no ${row.connector} channel is connected`;
  return `${row.connector} is connected as ${channel.account}, and this belongs to ${row.account}`;
}

async function refuse(context: JobContext<"deliver">, row: DeliveryRow, why: string) {
  if (row.kind !== "draft") throw new AppError("invalid_input", why);
  await settle({ context }, { kind: "done" }, () => ({ effects: [failDraft(row, why)], seen: [] }));
}

function begin(run: Run): Promise<DeliveryProgress | undefined> {
  return run.row.kind === "draft" ? beginDraft(run) : startOver(run);
}

/** A delivery that was being sent when its process died may have arrived. */
async function startOver(run: Run): Promise<DeliveryProgress> {
  const draft = await findShownDraft(run.store, run.row);
  const progress = readProgress(run.row, run.channel.format, draft);
  // What was under way while the draft was there was an edit, which may be made twice.
  if (progress.state !== "sending" || draft !== undefined) return progress;
  const unknown = await advance(run, progress, "unknown", "the runtime ended while sending");
  return { ...unknown, isRepeat: true };
}

/** One step on the way: wait, or send the next part. `undefined`: the job is settled. */
async function sendNext(
  run: Run,
  progress: DeliveryProgress,
): Promise<DeliveryProgress | undefined> {
  if (run.context.signal.aborted) return stop(run, progress);
  const waitMs = run.pace.waitMs(
    run.row.id,
    run.row.external_id,
    run.channel.sender,
    run.clock.monotonicMs(),
  );
  if (waitMs > 0) return waitForSlot(run, progress, waitMs);
  const { draft, parts } = progress;
  const becomesFile = parts[0]?.file !== undefined;
  const ready =
    draft !== undefined && becomesFile
      ? await leaveDraft(run, progress, draft, "a file follows")
      : progress;
  const marked = { ...ready, marked: ready.marked || ready.isRepeat };
  const sending = await advance(run, marked, "sending", null);
  // Nothing was written yet, so a stop here leaves no doubt behind.
  if (run.context.signal.aborted) return advance(run, sending, waitingState(sending), null);
  return record(run, sending, await send(run, sending));
}

/** Ends the job when it was cancelled; on shutdown stores what was sent so far and throws. */
async function stop(run: Run, progress: DeliveryProgress): Promise<undefined> {
  if (run.context.isCancelled()) {
    await settle(run, { kind: "discard", reason: "cancelled" }, () =>
      moveTo(progress, "failed", "cancelled"),
    );
    return undefined;
  }
  if (progress.state === "sending") await advance(run, progress, waitingState(progress), null);
  throw run.context.signal.reason;
}

/** Waits for the channel's pace. `undefined`: the wait is long, and the job is put back until then. */
async function waitForSlot(
  run: Run,
  progress: DeliveryProgress,
  waitMs: number,
): Promise<DeliveryProgress | undefined> {
  const state = waitingState(progress);
  if (waitMs >= LONGEST_SLEEP_MS) {
    const untilMs = run.clock.now() + waitMs;
    await settle(run, { kind: "snooze", untilMs }, () => moveTo(progress, state, null));
    return undefined;
  }
  // While it sleeps nothing is under way, and a crash must not look like it.
  const waiting =
    progress.state === "sending" ? await advance(run, progress, state, null) : progress;
  await run.clock.sleep(waitMs, run.context.signal).catch(() => undefined);
  return waiting;
}

async function send(run: Run, progress: DeliveryProgress) {
  const { clock, row, channel } = run;
  const number = progress.receipts.length;
  const part = progress.parts[number];
  if (part === undefined) throw new AppError("internal", "a delivery has no such part");
  const startedMs = clock.monotonicMs();
  const result = await sendPart(
    clock,
    progress.draft === undefined ? channel.sender : inPlaceOf(progress.draft, channel.sender),
    {
      to: { connector: row.connector, account: row.account, externalId: row.external_id },
      part: progress.isRepeat ? channel.format.markRepeated(part) : part,
      replyToExternalId: number === 0 ? (row.reply_to_external_id ?? undefined) : undefined,
      idempotencyKey: number === 0 ? row.id : `${row.id}:${number + 1}`,
    },
    run.context.signal,
  );
  run.log.write(result.kind === "sent" ? "debug" : "warn", "part sent", {
    deliveryId: row.id,
    contextId: row.context_id,
    connector: row.connector,
    part: number + 1,
    result: result.kind,
    durationMs: Math.round(clock.monotonicMs() - startedMs),
    ...(result.kind === "sent" ? {} : { error: result.error }),
  });
  return result;
}

/** Stores what became of a part; on the way to the next part that is left to the commit before it. */
async function record(
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
  // Every try may put one more copy into the chat, so they lie further apart: 1, 8, 64, 512 s.
  const atMs = nextAttemptAt(run.clock.now(), 3 * attempts - 2, run.random());
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

/** There is nothing to send, or no longer. */
async function settleAlone(context: JobContext<"deliver">): Promise<void> {
  await context.settle(async () => ({
    effects: [],
    seen: [],
    name: "deliver",
    actor: SYSTEM_ACTOR.id,
    settle: { kind: "done" },
  }));
}
