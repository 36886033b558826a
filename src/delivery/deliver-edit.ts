import { formatButtonData } from "../core/delivery/button-data.ts";
import type { DeliveryState } from "../core/delivery/delivery.ts";
import type { ChangeResult, OutboundPart } from "../core/delivery/outbound-part.ts";
import type { Settle } from "../core/job/job.ts";
import { nextAttemptAt } from "../core/job/retry-policy.ts";
import type { RichText } from "../core/rich-text/rich-text.ts";
import type { JobContext } from "../orchestrator/job-handler.ts";
import { type DeliveryRow, deliveryById } from "../store/queries/deliveries.ts";
import { type DeliverDeps, settle } from "./delivery-run.ts";
import { offlineWaitMs } from "./offline-wait.ts";
import type { Channel, ChannelSender } from "./ports.ts";
import type { SendPace } from "./send-pace.ts";

/** What could not be changed for a day stays as it is: its buttons say so when they are pressed. */
const LIMIT_MS = 24 * 60 * 60_000;
/** Of a platform that answers and does not say that it is done: what is said after it in the chat must not wait for long. */
const MOST_UNCERTAIN_TRIES = 5;

export interface EditRun extends DeliverDeps {
  readonly context: JobContext<"deliver">;
  readonly row: DeliveryRow;
  readonly pace: SendPace;
}

type Edit = EditRun &
  Required<Pick<ChannelSender, "changeButtons" | "edits">> & { readonly channel: Channel };

/**
 * Writes what was sent anew, in the lane of its conversation and so after it. Doing it twice changes nothing, so it
 * needs no mark and no journal; what cannot be changed any more is left, and nobody is alarmed.
 */
export async function deliverEdit(run: EditRun): Promise<void> {
  const { store, channels, clock, pace, row, context } = run;
  const channel = channels.get(row.connector);
  const { changeButtons, edits } = channel?.sender ?? {};
  if (channel?.account !== row.account || changeButtons === undefined || edits === undefined) {
    return end(run, "failed", "the channel cannot change what was sent");
  }
  const original = await store.first(deliveryById, { id: row.revises ?? "" });
  const sent: readonly string[] = original?.state === "sent" ? JSON.parse(original.receipts) : [];
  if (sent.length === 0) return end(run, "failed", "what it changes was never sent");
  const waitMs = pace.waitMs(row.id, row.external_id, channel.sender, clock.monotonicMs());
  if (waitMs > 0) return later(run, waitMs, null);
  const result = await changeAll({ ...run, channel, changeButtons, edits }, sent);
  context.signal.throwIfAborted();
  if (result.kind === "done") return end(run, "sent", null);
  run.log.write("warn", "message not changed", { deliveryId: row.id, error: result.error });
  if (result.kind === "rejected") return end(run, "failed", result.error);
  if (result.kind === "uncertain") return again(run, result.error);
  const ageMs = clock.now() - row.created_at_ms;
  if (ageMs > LIMIT_MS) return end(run, "failed", result.error);
  return later(run, result.retryAfterMs ?? offlineWaitMs(ageMs, run.random()), result.error);
}

/** An edit may be repeated without harm. */
function again(run: EditRun, error: string): Promise<void> {
  const { attempts } = run.context.job;
  if (attempts >= MOST_UNCERTAIN_TRIES) return end(run, "failed", error);
  const atMs = nextAttemptAt(run.clock.now(), attempts, run.random());
  return finish(run, { kind: "retry", atMs, error }, "pending", error);
}

/** Part by part. Where there are more or fewer of them now, the words stay and the buttons change. */
async function changeAll(run: Edit, sent: readonly string[]): Promise<ChangeResult> {
  const { row, channel } = run;
  const parts = channel.format.render(JSON.parse(row.body) as RichText, (index) =>
    formatButtonData(row.id, index),
  );
  const isWhole = parts.length === sent.length;
  const changed = isWhole ? sent : sent.slice(-1);
  for (const [n, externalMessageId] of changed.entries()) {
    const part = isWhole ? parts[n] : parts.at(-1);
    if (part === undefined) break;
    const result = await changeOne(run, externalMessageId, part, isWhole);
    if (result.kind !== "done") return result;
  }
  return { kind: "done" };
}

/** A text that cannot be written anew, such as that of a file, keeps its words and changes its buttons. */
async function changeOne(
  { row, edits, changeButtons, context: { signal } }: Edit,
  externalMessageId: string,
  part: OutboundPart,
  isWhole: boolean,
): Promise<ChangeResult> {
  const { connector, account, external_id: externalId } = row;
  const message = { to: { connector, account, externalId }, externalMessageId };
  const buttonsOnly = { ...message, buttons: part.buttons };
  if (!isWhole) return await changeButtons(buttonsOnly, signal);
  const formatted = await edits.replace({ ...message, part, format: "formatted" }, signal);
  const result =
    formatted.kind === "bad_format"
      ? await edits.replace({ ...message, part, format: "plain" }, signal)
      : formatted;
  const isRefused = result.kind === "rejected" || result.kind === "bad_format";
  return isRefused ? await changeButtons(buttonsOnly, signal) : result;
}

function later(run: EditRun, waitMs: number, error: string | null): Promise<void> {
  const untilMs = run.clock.now() + Math.ceil(waitMs);
  return finish(run, { kind: "snooze", untilMs }, "pending", error);
}

function end(run: EditRun, state: "sent" | "failed", error: string | null): Promise<void> {
  return finish(run, { kind: "done" }, state, error);
}

function finish(run: EditRun, how: Settle, to: DeliveryState, error: string | null): Promise<void> {
  const { id, version, receipts } = run.row;
  const kept = { parts: null, partsSent: 0, receipts, marked: false };
  return settle(run, how, () => ({
    seen: [],
    effects: [{ type: "move-delivery", id, fromVersion: version, to, ...kept, error }],
  }));
}
