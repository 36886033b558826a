import type { Clock } from "../../core/clock.ts";
import type { Log } from "../../core/log.ts";
import type { InboundMessage } from "../../core/message/inbound-message.ts";

/** How a connector is, as a person may be told. */
export type ConnectorState = "starting" | "connected" | "degraded" | "failed";

/** One entry of the menu people see when they type a slash. */
export interface MenuEntry {
  readonly command: string;
  readonly description: string;
}

/** Where the channel stands once a batch is committed. */
interface Cursor {
  readonly account: string;
  readonly value: string;
}

export interface TelegramPorts {
  /**
   * Stores a batch and the cursor in one transaction. Settles after the commit. When it rejects, the batch is not
   * acknowledged and comes again; a message that is stored already must then be a no-op.
   */
  receive(batch: readonly InboundMessage[], cursor: Cursor): Promise<void>;
  /**
   * What whoever pressed a button is to read, once it is decided; `undefined`: nothing. Rejects when `signal` aborts.
   */
  decideOnPress(
    account: string,
    callbackId: string,
    signal: AbortSignal,
  ): Promise<string | undefined>;
  /** Telegram has given a chat another id. Settles once its conversation is there. */
  chatMoved(move: {
    readonly account: string;
    readonly from: string;
    readonly to: string;
  }): Promise<void>;
  readSetting(key: string): Promise<string | undefined>;
  writeSetting(key: string, value: string): Promise<void>;
  /** Called at every change of state. Contract: must not throw. `detail` is one sentence for people and holds no secret. */
  report(state: ConnectorState, detail: string): void;
  readonly clock: Clock;
  readonly log: Log;
  /** From 0 up to 1, for jitter. */
  random(): number;
}

export interface TelegramOptions {
  readonly token: string;
  /** `https://api.telegram.org`, or a Bot API server of one's own. */
  readonly apiBase: string;
  /** How long one poll waits for messages. */
  readonly pollSeconds: number;
  /** Sends a second over all chats; 0 obeys only Telegram's own 429. */
  readonly maxPerSecond: number;
  /** Sends a second in one chat, five at once; 0 obeys only Telegram's own 429. */
  readonly maxPerChatPerSecond: number;
  /** Empty: the menu at Telegram is left as it is. */
  readonly menu: readonly MenuEntry[];
}
