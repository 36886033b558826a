import type { EpochMs } from "../clock.ts";
import type { NewJob } from "../job/job.ts";
import type { Address, MessageKind, OutcomeKind, Trust } from "../message/inbound-message.ts";

/** What may change about the inbox. */
export type MessageEffect =
  /** A duplicate (same connector, account and external message id) is skipped in silence with its job: a redelivery is a no-op. */
  | {
      readonly type: "record-message";
      readonly id: string;
      readonly contextId: string;
      readonly address: Address;
      readonly externalMessageId: string;
      readonly kind: MessageKind;
      readonly senderExternalId: string | null;
      readonly senderName: string | null;
      readonly identityId: string | null;
      readonly text: string;
      readonly addressed: boolean;
      readonly replyToExternalId: string | null;
      readonly editOf: string | null;
      readonly albumId?: string | undefined;
      /** JSON of `button`, `files`, `albumId` and `dropReason`, or null. */
      readonly payload: string | null;
      readonly trust: Trust;
      readonly sentAtMs: EpochMs;
      readonly receivedAtMs: EpochMs;
      readonly rememberUntilMs: EpochMs;
      readonly job: NewJob;
    }
  /** Refused with `cursor_moved` when the cursor is not at `fromVersion` (0: it must not exist). */
  | {
      readonly type: "set-cursor";
      readonly connector: string;
      readonly account: string;
      readonly value: string;
      readonly fromVersion: number;
    }
  | {
      readonly type: "settle-message";
      readonly id: string;
      readonly outcome: OutcomeKind;
      readonly reason: string | null;
    }
  /** What was decided of a still pending message, who it turned out to be from, and the work that came of it. */
  | {
      readonly type: "decide-message";
      readonly id: string;
      readonly rule: string;
      /** `null` leaves what the arrival said. */
      readonly identityId: string | null;
      readonly trust: Trust;
      readonly runId: string | null;
      readonly taskId: string | null;
      /** `pending`: that work will settle it. */
      readonly outcome: OutcomeKind | "pending";
      readonly reason: string | null;
      /** What was said was not meant for us: neither its text nor what came with it is kept. */
      readonly forgetText?: boolean;
      /** Of the press of a button: what is said to whoever pressed, in passing. */
      readonly toldPresser?: string;
    }
  | ReplaceMessage;

/**
 * A pending message, one of which a task was made that waits for a person's say, or an edit that is such, says from now
 * on what a newer edit says that nobody has looked at. Conflict when either is settled otherwise, when they are not of one message and one sender, or when somebody
 * has begun to answer what was said before.
 */
interface ReplaceMessage {
  readonly type: "replace-message";
  readonly id: string;
  /** The newer edit, as a message. */
  readonly editId: string;
}
