import type { Address } from "../message/inbound-message.ts";
import type { MailHead } from "./mail.ts";

/** A text too long, or too strange, for messages. */
export interface AttachedFile {
  readonly name: string;
  readonly text: string;
}

/** One platform message, rendered and short enough. Plain data: it is stored before it is sent. */
export interface OutboundPart {
  /** The channel's rich format (Telegram HTML, …). */
  readonly formatted: string;
  /** The same without any format, used when the platform cannot parse `formatted`. */
  readonly plain: string;
  /** Rows of buttons under this part. `data` is what the platform hands back, at most 64 bytes. */
  readonly buttons: readonly (readonly { readonly label: string; readonly data: string }[])[];
  /** Sent with the part; its text is then what stands beside the file. */
  readonly file?: AttachedFile;
}

export interface OutboundSend {
  readonly to: Address;
  readonly part: OutboundPart;
  readonly format: "formatted" | "plain";
  /** The platform message this answers, as in `InboundMessage.externalMessageId`; ignored when it is gone. */
  readonly replyToExternalId: string | undefined;
  /** The same whenever this part is sent again, for platforms that know a repeat by it. */
  readonly idempotencyKey?: string;
  /** Of mail: `to` is one of those whom it is written to. */
  readonly mail?: MailHead;
}

/** Which buttons stand from now on under a message that was sent. Doing it again changes nothing. */
export interface ButtonsChange extends SentMessage {
  readonly buttons: OutboundPart["buttons"];
}

/** A message that was sent. */
export interface SentMessage {
  readonly to: Address;
  readonly externalMessageId: string;
}

/** Another part in the place of one that was sent. Doing it again changes nothing. */
export interface PartChange extends SentMessage {
  readonly part: OutboundPart;
  readonly format: "formatted" | "plain";
}

export type PartResult = ChangeResult | { readonly kind: "bad_format"; readonly error: string };

export type ChangeResult =
  | { readonly kind: "done" }
  /** Certainly not done; may be tried again, as in `SendResult`. */
  | { readonly kind: "not_done"; readonly error: string; readonly retryAfterMs?: number }
  /** The message is gone, or too old to be changed. */
  | { readonly kind: "rejected"; readonly error: string }
  /** 5xx, a timeout or a reset after the request was written: it may be done, or be done later, after another change. */
  | { readonly kind: "uncertain"; readonly error: string };

/** What became of one send, as surely as the platform tells. */
export type SendResult =
  | { readonly kind: "sent"; readonly externalMessageId: string }
  /**
   * Certainly not sent; may be tried again, not before `retryAfterMs` when the platform named it. Also a wrong token: it
   * says nothing of the message, and can be put right.
   */
  | { readonly kind: "not_sent"; readonly error: string; readonly retryAfterMs?: number }
  /** Certainly not sent, because of how it is written: try `plain`, and then something else. */
  | { readonly kind: "bad_format"; readonly error: string }
  /** Certainly not sent and never will be: blocked, chat gone. */
  | { readonly kind: "rejected"; readonly error: string }
  /** 5xx, a timeout or a reset after the request was written: it may have arrived. */
  | { readonly kind: "uncertain"; readonly error: string };
