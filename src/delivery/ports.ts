import type {
  ButtonsChange,
  ChangeResult,
  OutboundPart,
  OutboundSend,
  PartChange,
  PartResult,
  SendResult,
  SentMessage,
} from "../core/delivery/outbound-part.ts";
import type { RichText } from "../core/rich-text/rich-text.ts";

/** How a channel says things: pure and deterministic, so that a restart renders the same parts. */
export interface ChannelFormat {
  /** At least one part. `buttonData(n)` is the data of the n-th button of the body, in reading order. */
  render(body: RichText, buttonData: (index: number) => string): readonly OutboundPart[];
  /**
   * What to send instead of a part that was refused also as `plain`, and of all parts after it. `undefined`: there is
   * nothing else.
   */
  renderInstead(
    refused: OutboundPart,
    body: RichText,
    buttonData: (index: number) => string,
  ): readonly OutboundPart[] | undefined;
  /** What stands before a part that may be arriving a second time. */
  markRepeated(part: OutboundPart): OutboundPart;
}

/** A connector as delivery needs it. Never throws for what a platform answers; see `SendResult`. */
export interface ChannelSender {
  send(message: OutboundSend, signal: AbortSignal): Promise<SendResult>;
  /** Absent where buttons do not stay with what was sent. */
  changeButtons?(change: ButtonsChange, signal: AbortSignal): Promise<ChangeResult>;
  /** Absent where what was sent stays as it is: answers are shown there when they are whole. */
  readonly edits?: MessageEdits;
  /** Takes the next slot that the pace of this chat and account allows. Milliseconds from now; 0: at once. */
  reserveSlot(externalId: string): number;
}

/** What a platform lets us change about what we sent. Never throws for what it answers. */
export interface MessageEdits {
  replace(change: PartChange, signal: AbortSignal): Promise<PartResult>;
  /** `rejected` also when it is gone already. */
  remove(message: SentMessage, signal: AbortSignal): Promise<ChangeResult>;
  /** Takes a slot of this chat that nothing else will need soon; false: there is none, leave the change out. */
  takeSpareSlot(externalId: string): boolean;
}

/** Everything delivery needs of one connector; `app/` binds them. */
export interface Channel {
  /** Whom we send as there; replies of another account are not ours to send. `undefined`: of every account. */
  readonly account: string | undefined;
  readonly format: ChannelFormat;
  readonly sender: ChannelSender;
  /** How long what may have arrived is left alone before it is sent again; absent: it goes at once, then ever later. */
  readonly doubtMs?: number;
}
