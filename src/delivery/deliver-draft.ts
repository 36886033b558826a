import { SYSTEM_ACTOR } from "../core/access/actor.ts";
import type { SendResult } from "../core/delivery/outbound-part.ts";
import type { Decision } from "../core/effect/commit.ts";
import type { Effect } from "../core/effect/effect.ts";
import { FINAL_RUN_STATES } from "../core/run/run.ts";
import { takeDraftOut } from "../operations/withdraw-draft.ts";
import type { DeliveryRow } from "../store/queries/deliveries.ts";
import { runRowById } from "../store/queries/runs.ts";
import { type DeliveryProgress, moveTo, readProgress } from "./delivery-progress.ts";
import { type Run, settle } from "./delivery-run.ts";
import { offlineWaitMs } from "./offline-wait.ts";

/** Platforms let nobody change or remove what is older. */
const LIMIT_MS = 24 * 60 * 60_000;

/**
 * What is to be sent of a draft; `undefined`: nothing any more, and the job is settled. A draft has one try: whatever
 * fails, its reply is a message of its own.
 */
export async function beginDraft(run: Run): Promise<DeliveryProgress | undefined> {
  const progress = readProgress(run.row, run.channel.format, undefined);
  if (progress.receipts.length > 0) return await takeBack(run, progress);
  if (progress.state === "sending") {
    return await giveUp(run, progress, "the runtime ended while sending: it may have arrived");
  }
  if (progress.parts.length === 0) return await giveUp(run, progress, "it became a file");
  const answer = await answerOf(run);
  const isOver = answer === undefined || FINAL_RUN_STATES.includes(answer.state);
  return isOver ? await giveUp(run, progress, "the answer was there first") : progress;
}

/** Stores what became of a draft. When its answer was cancelled meanwhile no reply may follow: it is taken back. */
export async function recordDraft(
  run: Run,
  progress: DeliveryProgress,
  result: SendResult,
): Promise<undefined> {
  if (result.kind !== "sent") return await giveUp(run, progress, result.error);
  const shown = { ...progress, receipts: [result.externalMessageId] };
  await run.context.settle(async (now) => {
    const answer = await answerOf(run);
    const seen = answer === undefined ? [] : [seenRun(answer)];
    const isWanted = answer !== undefined && answer.state !== "cancelled";
    const { effects } = moveTo(shown, "sent", null);
    const receipts = JSON.stringify(shown.receipts);
    const stands = { ...run.row, version: progress.version + 1, receipts };
    const gone = isWanted ? [] : takeDraftOut(stands, "its answer was cancelled", now);
    const all = { effects: [...effects, ...gone], seen, settle: { kind: "done" } } as const;
    return { name: "deliver", actor: SYSTEM_ACTOR.id, ...all };
  });
  return undefined;
}

/** It stands in the chat, and no reply will take its place. Nothing waits for this, so it is tried as long as it may work. */
async function takeBack(run: Run, progress: DeliveryProgress): Promise<undefined> {
  const { row, clock, channel } = run;
  const to = { connector: row.connector, account: row.account, externalId: row.external_id };
  const [externalMessageId = ""] = progress.receipts;
  const result = await channel.sender.edits?.remove({ to, externalMessageId }, run.context.signal);
  run.context.signal.throwIfAborted();
  const ageMs = clock.now() - row.created_at_ms;
  const mayWork = result?.kind === "not_done" || result?.kind === "uncertain";
  if (!mayWork || ageMs > LIMIT_MS) return await giveUp(run, progress, row.error);
  const askedMs = result.kind === "not_done" ? result.retryAfterMs : undefined;
  const untilMs = clock.now() + Math.ceil(askedMs ?? offlineWaitMs(ageMs, run.random()));
  await settle(run, { kind: "snooze", untilMs }, () => moveTo(progress, "pending", row.error));
  return undefined;
}

async function giveUp(
  run: Run,
  progress: DeliveryProgress,
  why: string | null,
): Promise<undefined> {
  const failed = (): Decision => moveTo(progress, "failed", why);
  await settle(run, { kind: "done" }, failed);
  return undefined;
}

/** Nothing of it is tried again, and it is no dead letter: nobody misses it. What was sent of it stays on record. */
export function failDraft(row: DeliveryRow, error: string): Effect {
  return {
    type: "move-delivery",
    id: row.id,
    fromVersion: row.version,
    to: "failed",
    parts: null,
    partsSent: row.parts_sent,
    receipts: row.receipts,
    marked: false,
    error,
  };
}

async function answerOf({ store, row }: Run) {
  return row.run_id === null ? undefined : await store.first(runRowById, { id: row.run_id });
}

function seenRun({ id, version }: { readonly id: string; readonly version: number }) {
  return { table: "runs", id, version } as const;
}
