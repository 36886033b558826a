import { SYSTEM_ACTOR } from "../core/access/actor.ts";
import type { ChangeResult } from "../core/delivery/outbound-part.ts";
import type { Effect } from "../core/effect/effect.ts";
import { AppError } from "../core/errors.ts";
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

/** The draft of the same answer; `undefined` when none was shown, or it is the reply by now. */
export async function findShownDraft(
  store: Reader,
  reply: DeliveryRow,
): Promise<ShownDraft | undefined> {
  if (reply.kind !== "send" || reply.run_id === null || reply.parts_sent > 0) return undefined;
  const row = await store.first(draftOfRun, { runId: reply.run_id });
  const [externalMessageId] = JSON.parse(row?.receipts ?? "[]") as readonly string[];
  if (row === undefined || externalMessageId === undefined) return undefined;
  if (row.context_id !== reply.context_id) return undefined;
  return { row, externalMessageId, isLive: row.state === "sent" };
}

type Cleared =
  | { readonly kind: "cleared"; readonly progress: DeliveryProgress }
  | (Extract<ChangeResult, { kind: "not_done" }> & { readonly progress: DeliveryProgress });

/** Takes a draft away that cannot become the reply. Doing it again changes nothing. */
export async function clearDraft(run: Run, progress: DeliveryProgress): Promise<Cleared> {
  const { draft } = progress;
  const isEdited = draft?.isLive === true && progress.parts[0]?.file === undefined;
  if (draft === undefined || isEdited) return { kind: "cleared", progress };
  const left = draft.isLive ? await leaveDraft(run, progress, draft, "a file follows") : progress;
  const to = { connector: run.row.connector, account: run.row.account };
  const result = await run.channel.sender.edits?.remove(
    {
      to: { ...to, externalId: run.row.external_id },
      externalMessageId: draft.externalMessageId,
    },
    run.context.signal,
  );
  if (result?.kind === "not_done") return { ...result, progress: left };
  return { kind: "cleared", progress: { ...left, draft: undefined } };
}

/**
 * The reply will be a message of its own. Stored before anything else is done, so that after a crash nobody takes the
 * send of that message for an edit.
 */
export async function leaveDraft(
  run: Run,
  progress: DeliveryProgress,
  draft: ShownDraft,
  why: string,
): Promise<DeliveryProgress> {
  const state = waitingState(progress);
  const move = moveTo(progress, state, null);
  const result = await run.context.commit({
    ...move,
    effects: [...move.effects, failDraft(draft.row, why)],
    name: "deliver",
    actor: SYSTEM_ACTOR.id,
    now: run.clock.now(),
  });
  if (result !== "committed") {
    throw new AppError("unavailable", "the draft was changed while its reply was sent");
  }
  return { ...moved(progress, state), draft: { ...draft, isLive: false } };
}

/** A draft that no reply may take the place of. What was sent of it stays on record. */
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
          // An edit may be made twice, so nothing is in doubt.
          return { ...result, kind: "not_sent" };
        case "bad_format":
        case "rejected":
          return result;
        case undefined:
          return { kind: "rejected", error: "nothing that was sent can be changed here" };
      }
    },
  };
}
