import { SYSTEM_ACTOR } from "../core/access/actor.ts";
import type { SendResult } from "../core/delivery/outbound-part.ts";
import type { Decision } from "../core/effect/commit.ts";
import type { Settle } from "../core/job/job.ts";
import { FINAL_RUN_STATES } from "../core/run/run.ts";
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
    const end: Settle = isWanted ? { kind: "done" } : { kind: "snooze", untilMs: now };
    const { effects } = moveTo(shown, isWanted ? "sent" : "pending", null);
    return { name: "deliver", actor: SYSTEM_ACTOR.id, effects, seen, settle: end };
  });
  return undefined;
}

/** It stands in the chat, and no reply will take its place. */
async function takeBack(run: Run, progress: DeliveryProgress): Promise<undefined> {
  const { row, clock, channel } = run;
  const to = { connector: row.connector, account: row.account, externalId: row.external_id };
  const [externalMessageId = ""] = progress.receipts;
  const result = await channel.sender.edits?.remove({ to, externalMessageId }, run.context.signal);
  run.context.signal.throwIfAborted();
  const ageMs = clock.now() - row.created_at_ms;
  if (result?.kind !== "not_done" || ageMs > LIMIT_MS) {
    return await giveUp(run, progress, "its answer was cancelled");
  }
  const waitMs = result.retryAfterMs ?? offlineWaitMs(ageMs, run.random());
  const untilMs = clock.now() + Math.ceil(waitMs);
  await settle(run, { kind: "snooze", untilMs }, () => moveTo(progress, "pending", result.error));
  return undefined;
}

async function giveUp(run: Run, progress: DeliveryProgress, why: string): Promise<undefined> {
  const failed = (): Decision => moveTo(progress, "failed", why);
  await settle(run, { kind: "done" }, failed);
  return undefined;
}

async function answerOf({ store, row }: Run) {
  return row.run_id === null ? undefined : await store.first(runRowById, { id: row.run_id });
}

function seenRun({ id, version }: { readonly id: string; readonly version: number }) {
  return { table: "runs", id, version } as const;
}
