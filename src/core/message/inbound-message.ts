import type { EpochMs } from "../clock.ts";
import type { InboundFile } from "./inbound-file.ts";
import type { QuotedWords } from "./quoted-words.ts";

const CONNECTORS = [
  "telegram",
  "discord",
  "email",
  "web",
  "cli",
  "api",
  "codex",
  "cline",
  "gemini",
] as const;
export type ConnectorName = (typeof CONNECTORS)[number];

export type MessageKind = "message" | "edit" | "button" | "membership" | "other";
export type OutcomeKind = "answered" | "task" | "dropped" | "failed";
export type Trust = "paired" | "stranger";

/** Where a conversation is: an account (bot id, key id) of a connector and a chat of it. */
export interface Address {
  readonly connector: ConnectorName;
  readonly account: string;
  /** The chat's id on the platform, exactly: `-123` is not `123`. */
  readonly externalId: string;
}

/** What a connector makes of one thing that arrived. Nothing in it is trusted. */
export interface InboundMessage {
  readonly address: Address;
  /** Unique per connector and account for ever: Telegram `chat:message[:edit]` or callback id. */
  readonly externalMessageId: string;
  readonly kind: MessageKind;
  readonly chat: {
    readonly kind: "private" | "group";
    readonly title: string;
    /** Set for a topic: the group it is in, whose workspace it shares. */
    readonly part?: { readonly of: string; readonly title: string };
  };
  /** Absent when no person sent it (a channel post, an anonymous admin, a bot, a join notice). */
  readonly sender: { readonly externalUserId: string; readonly displayName: string } | undefined;
  readonly text: string;
  /** True in private chats, for commands to us, mentions of us and replies to us. */
  readonly addressed: boolean;
  /** The platform's own id of the message this one answers, as in `externalMessageId`. */
  readonly replyToExternalId?: string;
  /** What it replies to, as it came along. It is for the model to read, with what the message says. */
  readonly quotes?: QuotedWords;
  /** What came with it, in order. It is fetched only for a message that starts work. */
  readonly files?: readonly InboundFile[];
  /** Set when it is one of several parts of an album: each is a message, and they are meant together. */
  readonly albumId?: string;
  /** For edits: the platform's own id of the message that says this now, as in `externalMessageId`. */
  readonly editOf?: string;
  /** Its text is the command of a button, pressed where a button is as good as typing (the page). */
  readonly isPressed?: true;
  /** Its words are somebody else's (forwarded, or made by another bot): whoever sent it shows them, and says nothing. */
  readonly isQuoted?: true;
  /** For buttons: what we put on the button, and the platform's callback to answer. */
  readonly button?: { readonly data: string; readonly callbackId: string };
  /** The platform says that this chat had this id before: it is the same conversation. */
  readonly movedFrom?: string;
  /** Why the gateway must drop it unread, when the connector already knows (`channel_post`, `from_bot`, `no_text`, …). */
  readonly dropReason?: string;
  readonly sentAtMs: EpochMs;
}
