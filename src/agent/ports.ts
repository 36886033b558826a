import type { FetchResult, TakeBytes } from "../core/message/inbound-file.ts";
import type { Address } from "../core/message/inbound-message.ts";
import type { JobContext } from "../orchestrator/job-handler.ts";

/** Shows a chat that work goes on ("typing…"), as long as the signal lives. Best effort; never throws. */
export interface Presence {
  show(to: Address, signal: AbortSignal): void;
}

/** Where the texts of growing answers go. Nothing relies on it: the final reply is a delivery of its own. */
export interface DraftSink {
  /** Nothing is shown any more once `signal` has aborted. `commit` is that of the turn's job. */
  open(turn: TurnToShow, commit: JobContext["commit"], signal: AbortSignal): OpenDraft;
}

export interface TurnToShow {
  readonly contextId: string;
  readonly runId: string;
  /** The chat of the conversation. */
  readonly to: Address;
  readonly contextKind: "private" | "group";
  /** The message that is answered; null when nobody asked. */
  readonly messageId: string | null;
  /** The platform's id of it. */
  readonly replyToExternalId: string | null;
}

/** The draft of one attempt at a turn. */
export interface OpenDraft {
  /** The whole text so far. Nothing happens after `end`. */
  write(text: string): void;
  /**
   * The answer is whole: no draft of it may come after it. Settles, soon in any case, when none is on its way any more.
   * Never rejects.
   */
  settle(): Promise<void>;
  /** Contract: called however the attempt ends. */
  end(): void;
}

/** A command that the model may offer to a person, from the gateway's table. */
export interface OfferedCommand {
  /** Without its slash. */
  readonly name: string;
  readonly summary: string;
}

/** Where a channel's files come from. */
export interface FileSource {
  /** The account whose files it can fetch: they have other ids for every other one. */
  readonly account: string;
  /**
   * Hands over the bytes of a file, in order. Whether all came is in what it settles with; what `take` throws is thrown
   * on. Rejects also when `signal` aborts.
   */
  fetch(sourceId: string, take: TakeBytes, signal: AbortSignal): Promise<FetchResult>;
}
