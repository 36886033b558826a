import type { DeliveryKind, DeliveryState } from "../delivery/delivery.ts";
import type { MailHead } from "../delivery/mail.ts";
import type { NewJob } from "../job/job.ts";
import type { Address } from "../message/inbound-message.ts";
import type { RichText } from "../rich-text/rich-text.ts";

/** What may change about the outbox. */
export type DeliveryEffect =
  | {
      readonly type: "queue-delivery";
      readonly id: string;
      readonly contextId: string;
      readonly address: Address;
      readonly kind: DeliveryKind;
      readonly body: RichText;
      readonly replyToExternalId: string | null;
      readonly messageId: string | null;
      readonly runId: string | null;
      readonly taskId: string | null;
      /** What is to be decided on it: see `reviseCards`. */
      readonly card?: string;
      /** Of mail, which `address` is one of the recipients of. */
      readonly mail?: MailHead;
      /** Of an edit: what it writes anew, and how often that was done. Conflict when that revision is there. */
      readonly revises?: Revised;
      /** `null` where nothing is to be sent: the reader takes it from the store. */
      readonly job: NewJob | null;
      /** With no job: the reader does not wait for it, so it is `kept`. Else it is `sent` when this commits. */
      readonly isKept?: true;
    }
  | {
      readonly type: "move-delivery";
      readonly id: string;
      readonly fromVersion: number;
      readonly to: DeliveryState;
      /** JSON array of the rendered parts; `null` leaves it as it is. */
      readonly parts: string | null;
      readonly partsSent: number;
      /** JSON array: the platform's message id of each part sent. */
      readonly receipts: string;
      /** True when a part was sent again without knowing whether it had arrived. */
      readonly marked: boolean;
      readonly error: string | null;
    }
  /** Gives a dead delivery up for good; why it was dead stays with it. */
  | {
      readonly type: "drop-delivery";
      readonly id: string;
      readonly droppedBy: string;
      readonly reason: string;
    }
  | UseButton;

interface Revised {
  readonly deliveryId: string;
  /** 1 for the first edit. */
  readonly revision: number;
}

/** A button has done its work. Conflict when it was used before: one button starts one thing. */
interface UseButton {
  readonly type: "use-button";
  readonly deliveryId: string;
  /** As in `listButtons(body)`. */
  readonly index: number;
  /** The press, as a message. */
  readonly messageId: string;
}
