import { formatButtonData } from "../core/delivery/button-data.ts";
import type { DeliveryState } from "../core/delivery/delivery.ts";
import type { OutboundPart } from "../core/delivery/outbound-part.ts";
import type { Decision } from "../core/effect/commit.ts";
import type { RichText } from "../core/rich-text/rich-text.ts";
import type { DeliveryRow } from "../store/queries/deliveries.ts";
import { draftPart } from "./draft-part.ts";
import type { ChannelFormat } from "./ports.ts";

/** A draft that stands in the chat of a reply that has not arrived yet, and becomes that reply by an edit. */
export interface ShownDraft {
  readonly row: DeliveryRow;
  readonly externalMessageId: string;
}

/** A delivery under way: what is stored of it, and what has happened since. */
export interface DeliveryProgress {
  readonly id: string;
  /** As stored. */
  readonly state: DeliveryState;
  readonly version: number;
  readonly parts: readonly OutboundPart[];
  /** The parts are in the store as they stand here. */
  readonly areStored: boolean;
  /** The platform's id of each part that arrived; the next part is the one after these. */
  readonly receipts: readonly string[];
  /** The next part may have arrived already: say so when it is sent again. */
  readonly isRepeat: boolean;
  readonly marked: boolean;
  /** What was shown of it while it grew, until its first part has taken the place of that. */
  readonly draft: ShownDraft | undefined;
}

/** Where a row stands. Its parts are those of the first time, else they are rendered now. */
export function readProgress(
  row: DeliveryRow,
  format: ChannelFormat,
  draft: ShownDraft | undefined,
): DeliveryProgress {
  return {
    id: row.id,
    state: row.state,
    version: row.version,
    areStored: row.parts !== null,
    parts: row.parts === null ? renderParts(row, format) : JSON.parse(row.parts),
    receipts: JSON.parse(row.receipts),
    // A dead letter that is sent again after it was once marked: the doubt was never settled.
    isRepeat: row.state === "unknown" || (row.state === "dead" && row.marked !== 0),
    marked: row.marked !== 0,
    draft,
  };
}

function renderParts(row: DeliveryRow, format: ChannelFormat): readonly OutboundPart[] {
  const body: RichText = JSON.parse(row.body);
  if (row.kind === "draft") return [draftPart(format, body)].filter((part) => part !== undefined);
  return format.render(body, (index) => formatButtonData(row.id, index));
}

/** See `ChannelFormat.renderInstead`. */
export function renderInstead(
  row: DeliveryRow,
  format: ChannelFormat,
  refused: OutboundPart,
): readonly OutboundPart[] | undefined {
  const body: RichText = JSON.parse(row.body);
  return format.renderInstead(refused, body, (index) => formatButtonData(row.id, index));
}

/** The state of a delivery that waits: in doubt it stays `unknown`, so that a restart marks it too. */
export function waitingState(progress: DeliveryProgress): DeliveryState {
  return progress.isRepeat ? "unknown" : "pending";
}

/** Stores where the delivery stands as `to`, if nobody else moved it. */
export function moveTo(
  progress: DeliveryProgress,
  to: DeliveryState,
  error: string | null,
): Decision {
  return {
    seen: [],
    effects: [
      {
        type: "move-delivery",
        id: progress.id,
        fromVersion: progress.version,
        to,
        parts: progress.areStored ? null : JSON.stringify(progress.parts),
        partsSent: progress.receipts.length,
        receipts: JSON.stringify(progress.receipts),
        marked: progress.marked,
        error,
      },
    ],
  };
}

/** The progress after `moveTo(progress, to)` was committed. */
export function moved(progress: DeliveryProgress, to: DeliveryState): DeliveryProgress {
  return { ...progress, state: to, version: progress.version + 1, areStored: true };
}
