import { SYSTEM_ACTOR } from "../core/access/actor.ts";
import { AppError } from "../core/errors.ts";
import { takeDraftOut } from "../operations/withdraw-draft.ts";
import { type DeliveryRow, draftOfRun } from "../store/queries/deliveries.ts";
import type { Reader } from "../store/store.ts";
import {
  type DeliveryProgress,
  moved,
  moveTo,
  type ShownDraft,
  waitingState,
} from "./delivery-progress.ts";
import type { Run } from "./delivery-run.ts";
import type { ChannelSender } from "./ports.ts";

/** The draft of the same answer; `undefined` when none stands that may be edited, or it is the reply by now. */
export async function findShownDraft(
  store: Reader,
  reply: DeliveryRow,
): Promise<ShownDraft | undefined> {
  if (reply.kind !== "send" || reply.run_id === null || reply.parts_sent > 0) return undefined;
  const row = await store.first(draftOfRun, { runId: reply.run_id });
  if (row?.state !== "sent" || row.context_id !== reply.context_id) return undefined;
  const [externalMessageId] = JSON.parse(row.receipts) as readonly string[];
  return externalMessageId === undefined ? undefined : { row, externalMessageId };
}

/**
 * The reply will be a message of its own, and the draft goes. Stored before anything else is done, so that after a crash
 * nobody takes the send of that message for an edit.
 */
export async function leaveDraft(
  run: Run,
  progress: DeliveryProgress,
  draft: ShownDraft,
  why: string,
): Promise<DeliveryProgress> {
  const state = waitingState(progress);
  const move = moveTo(progress, state, null);
  const now = run.clock.now();
  const result = await run.context.commit({
    ...move,
    effects: [...move.effects, ...takeDraftOut(draft.row, why, now)],
    name: "deliver",
    actor: SYSTEM_ACTOR.id,
    now,
  });
  if (result !== "committed") {
    throw new AppError("unavailable", "the draft was changed while its reply was sent");
  }
  return { ...moved(progress, state), draft: undefined };
}

/** Sends by putting the part in the place of the draft. */
export function inPlaceOf(
  { externalMessageId }: ShownDraft,
  { edits, ...sender }: ChannelSender,
): ChannelSender {
  return {
    ...sender,
    async send({ to, part, format }, signal) {
      const result = await edits?.replace({ to, externalMessageId, part, format }, signal);
      switch (result?.kind) {
        case "done":
          return { kind: "sent", externalMessageId };
        case "not_done":
          return { ...result, kind: "not_sent" };
        case "bad_format":
        case "rejected":
        case "uncertain":
          return result;
        case undefined:
          return { kind: "rejected", error: "nothing that was sent can be changed here" };
      }
    },
  };
}
