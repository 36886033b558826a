import type { Actor } from "../core/access/actor.ts";
import type { Seen } from "../core/effect/commit.ts";
import { AppError } from "../core/errors.ts";
import type { InboundFile } from "../core/message/inbound-file.ts";
import type { InboundMessage } from "../core/message/inbound-message.ts";
import { isSenderProven } from "../core/message/sender-proof.ts";
import { type ContextRow, contextById } from "../store/queries/contexts.ts";
import { type MessageRow, messageById } from "../store/queries/messages.ts";
import { type PersonRow, personByExternalId, personByIdentityId } from "../store/queries/people.ts";
import type { Reader } from "../store/store.ts";
import { loadVersions, type MessageVersions } from "./message-versions.ts";

/** What the gateway knows of a message when it decides. */
export interface MessageFacts {
  readonly message: MessageRow;
  readonly context: ContextRow;
  /** Absent for a stranger, and when no person sent it. */
  readonly person: PersonRow | undefined;
  readonly actor: Actor;
  readonly versions: MessageVersions | undefined;
  readonly dropReason: string | undefined;
  readonly buttonData: string | undefined;
  /** What came with it. */
  readonly files: readonly InboundFile[];
  /** The album that it is a part of. */
  readonly albumId: string | undefined;
  /** Another part of its album is meant for us, and so is this. */
  readonly isOfOurAlbum?: boolean;
  /** A button said it, not the person's own hand. */
  readonly isPressed: boolean;
  /** Its words are somebody else's: they ask for nothing in the name of whoever sent it. */
  readonly isQuoted: boolean;
  /** The turn that this edit takes back: it is as good as over. */
  readonly takenBackRunId?: string;
  readonly seen: readonly Seen[];
}

/** Loads a message with its conversation and who sent it, as things stand now. */
export async function loadMessageFacts(store: Reader, messageId: string): Promise<MessageFacts> {
  const message = await store.first(messageById, { id: messageId });
  if (message === undefined) throw new AppError("not_found", "the message is gone");
  const context = await store.first(contextById, { id: message.context_id });
  if (context === undefined) throw new AppError("not_found", "the message's conversation is gone");
  const person = await identify(store, message);
  const versions = await loadVersions(store, message);
  const {
    dropReason,
    button,
    files = [],
    isPressed = false,
    isQuoted = false,
  } = readPayload(message.payload);
  const seen: Seen[] = [
    { table: "messages", id: message.id, version: message.version },
    { table: "contexts", id: context.id, version: context.version },
  ];
  if (person !== undefined) {
    seen.push(
      { table: "identities", id: person.identity_id, version: person.identity_version },
      { table: "users", id: person.user_id, version: person.user_version },
    );
  }
  return {
    message,
    context,
    person,
    actor: person === undefined ? strangerOf(message) : actorOf(person),
    versions,
    dropReason,
    buttonData: button?.data,
    files,
    albumId: message.album_id ?? undefined,
    isPressed,
    isQuoted,
    seen,
  };
}

/** Looked up again: between arrival and now somebody may have been paired. */
async function identify(store: Reader, message: MessageRow): Promise<PersonRow | undefined> {
  const { connector, identity_id: identityId, sender_external_id: externalUserId } = message;
  if (identityId !== null) return await store.first(personByIdentityId, { id: identityId });
  if (externalUserId === null || !isSenderProven(connector)) return undefined;
  return await store.first(personByExternalId, { connector, externalUserId });
}

function actorOf(person: PersonRow): Actor {
  return {
    id: person.identity_id,
    userId: person.user_id,
    role: person.role,
    displayName: person.display_name,
  };
}

function strangerOf(message: MessageRow): Actor {
  return {
    id: `stranger:${message.connector}:${message.sender_external_id ?? ""}`,
    userId: undefined,
    role: undefined,
    displayName: message.sender_name ?? "",
  };
}

type Payload = Pick<InboundMessage, "button" | "files" | "dropReason" | "isPressed" | "isQuoted">;

export function readPayload(payload: string | null): Payload {
  return payload === null ? {} : (JSON.parse(payload) as Payload);
}
