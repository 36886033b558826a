import { SYSTEM_ACTOR } from "../core/access/actor.ts";
import type { DeliveryState } from "../core/delivery/delivery.ts";
import type { MailHead } from "../core/delivery/mail.ts";
import { AppError, describeError } from "../core/errors.ts";
import type { JobContext, JobHandler } from "../orchestrator/job-handler.ts";
import { type DeliveryRow, deliveryById } from "../store/queries/deliveries.ts";
import { beginDraft, failDraft } from "./deliver-draft.ts";
import { deliverEdit } from "./deliver-edit.ts";
import { type DeliveryProgress, moveTo, readProgress, waitingState } from "./delivery-progress.ts";
import { advance, bury, type DeliverDeps, type Run, settle } from "./delivery-run.ts";
import { createOfflineTimes } from "./offline-times.ts";
import type { Channel } from "./ports.ts";
import { record } from "./record-result.ts";
import { createSendPace } from "./send-pace.ts";
import { sendPart } from "./send-part.ts";
import { findShownDraft, inPlaceOf, leaveDraft } from "./shown-draft.ts";

/** Shorter waits are slept through; longer ones give the worker back. */
const LONGEST_SLEEP_MS = 1_000;
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

    async onGiveUp(job, thrown, now) {
      const error = describeError(thrown);
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
async function startOver(run: Run): Promise<DeliveryProgress | undefined> {
  const draft = await findShownDraft(run.store, run.row);
  const progress = readProgress(run.row, run.channel.format, draft);
  // What was under way while the draft was there was an edit, which may be made twice.
  if (progress.state !== "sending" || draft !== undefined) return progress;
  const why = "the runtime ended while sending";
  const { doubtMs } = run.channel;
  if (doubtMs === undefined)
    return { ...(await advance(run, progress, "unknown", why)), isRepeat: true };
  await settle(run, { kind: "snooze", untilMs: run.clock.now() + doubtMs }, () =>
    moveTo(progress, "unknown", why),
  );
  return undefined;
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
      ...(row.mail === null ? {} : { mail: JSON.parse(row.mail) as MailHead }),
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
