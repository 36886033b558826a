import type { DeliveryState } from "../../../src/core/delivery/delivery.ts";
import type { JobKind } from "../../../src/core/job/job.ts";

export const STATE_WORDS: Readonly<Record<DeliveryState, string>> = {
  dead: "Given up",
  pending: "Waiting",
  sending: "Being sent",
  unknown: "May have arrived",
  sent: "Sent",
  kept: "Kept to be fetched",
  failed: "Failed",
  dropped: "Dropped",
};

export const STATE_COLORS: Readonly<Record<DeliveryState, string>> = {
  dead: "red",
  pending: "gray",
  sending: "indigo",
  unknown: "orange",
  sent: "green",
  kept: "gray",
  failed: "red",
  dropped: "gray",
};

/** What there is to say when no delivery is in a state. */
export const NONE_WORDS: Readonly<Record<DeliveryState, string>> = {
  dead: "Nothing was given up. A reply that cannot be delivered is shown here with the reason, and can be sent again.",
  pending: "No reply waits to be sent.",
  sending: "No reply is being sent right now.",
  unknown: "Of every reply it is known whether it arrived.",
  sent: "No reply was sent yet.",
  kept: "Nothing is kept. What an agent is not told at a publish URL is shown here: its reader has to fetch it.",
  failed: "No reply failed.",
  dropped: "No reply was dropped.",
};

export const KIND_WORDS: Readonly<Record<JobKind, string>> = {
  "handle-message": "Handle a message",
  "save-file": "Save a file",
  "run-turn": "Answer",
  "run-task": "Do a task",
  deliver: "Deliver a reply",
  "withdraw-buttons": "Take used buttons off",
  "project-file": "Write a task's file",
  probe: "Check itself",
  sweep: "Clean up",
  "tell-overdue": "Tell of overdue tasks",
  "expire-approval": "Remind of an approval",
  "release-at-cap": "Go on after a cap was raised",
  "end-delay": "Send what can be taken back no longer",
};

/** How much of it has arrived; empty when that says nothing. */
export function arrivalWords(delivery: {
  readonly state: DeliveryState;
  readonly parts_sent: number;
  readonly is_marked: boolean;
}): string {
  if (delivery.is_marked) return "Some of it may have arrived: sent again, it says so.";
  if (delivery.state === "sent" || delivery.parts_sent === 0) return "";
  return delivery.parts_sent === 1
    ? "Its first part has arrived."
    : `Its first ${delivery.parts_sent} parts have arrived.`;
}
