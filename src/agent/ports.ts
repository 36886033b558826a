import type { Address } from "../core/message/inbound-message.ts";

/** Shows a chat that work goes on ("typing…"), as long as the signal lives. Best effort; never throws. */
export interface Presence {
  show(to: Address, signal: AbortSignal): void;
}

/** Where the text of a growing answer goes. Nothing relies on it: the final reply is a delivery of its own. */
export interface DraftSink {
  update(draft: {
    readonly contextId: string;
    readonly runId: string;
    readonly text: string;
  }): void;
}

/** A command that the model may offer to a person, from the gateway's table. */
export interface OfferedCommand {
  /** Without its slash. */
  readonly name: string;
  readonly summary: string;
}
