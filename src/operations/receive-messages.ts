import type { Decision, Seen } from "../core/effect/commit.ts";
import type { ContextHolds } from "../core/effect/context-effect.ts";
import type { Effect } from "../core/effect/effect.ts";
import { newId } from "../core/ids.ts";
import { laneOf, PRIORITY } from "../core/job/lanes.ts";
import { MOST_FILES } from "../core/message/inbound-file.ts";
import type { Address, ConnectorName, InboundMessage } from "../core/message/inbound-message.ts";
import { keepQuote } from "../core/message/quoted-words.ts";
import { isSenderProven } from "../core/message/sender-proof.ts";
import { storableText } from "../core/message/storable-text.ts";
import { contextByAddress } from "../store/queries/contexts.ts";
import { cursorById } from "../store/queries/cursors.ts";
import { rememberedMessage } from "../store/queries/messages.ts";
import { type PersonRow, personByExternalId, personByIdentityId } from "../store/queries/people.ts";
import type { Reader } from "../store/store.ts";
import { type FoundContext, findOrCreateContext } from "./find-or-create-context.ts";
import type { OperationDeps } from "./operation.ts";
import { type ChatMove, forwardTo, relocateContext } from "./relocate-context.ts";

const REMEMBER_MS = 30 * 24 * 60 * 60_000;

export interface ReceiveOptions {
  /** Who speaks, when a key or a session says so. Then nothing in the messages is asked for it. */
  readonly identityId?: string;
  /** Where the connector goes on after this batch; committed with it. */
  readonly cursor?: {
    readonly connector: ConnectorName;
    readonly account: string;
    readonly value: string;
  };
  /** The id of the first message, so that whoever commits can name it as the cause. */
  readonly firstId?: string;
}

type Conversation = FoundContext["row"];

/** What a batch comes to so far. */
interface Draft {
  readonly effects: Effect[];
  readonly seen: Seen[];
}

/** What a topic begins with. */
interface Whole {
  readonly row: Conversation;
  readonly holds: ContextHolds | undefined;
}

interface ReceivedMessage {
  readonly id: string;
  readonly contextId: string;
  /** It was accepted before: `id` is the one it got then, and nothing happens again. */
  readonly isRepeated: boolean;
}

export interface Received extends Decision {
  /** One for each message, in order. */
  readonly messages: readonly ReceivedMessage[];
}

/**
 * Accepts a batch: a row in the inbox and a job for each message, new conversations, and the connector's cursor.
 * What was accepted before is left out. Nothing is judged here, nor who wrote it: that is the gateway's work. Until
 * then a message is a stranger's, unless a key or a session brought it. Contract: one that tells of a move comes alone;
 * what else is in a batch is decided on facts that a move changes.
 */
export async function receiveMessages(
  { store, now }: OperationDeps,
  batch: readonly InboundMessage[],
  options: ReceiveOptions = {},
): Promise<Received> {
  const speaker =
    options.identityId === undefined
      ? undefined
      : await store.first(personByIdentityId, { id: options.identityId });
  const contexts = new Map<string, Conversation>();
  const accepted = new Map<string, ReceivedMessage>();
  const draft: Draft = {
    effects: [],
    seen: speaker === undefined ? [] : [seenIdentity(speaker)],
  };
  const { effects, seen } = draft;
  const messages: ReceivedMessage[] = [];

  for (const message of batch) {
    const key = JSON.stringify([
      message.address.connector,
      message.address.account,
      message.externalMessageId,
    ]);
    const earlier = accepted.get(key);
    if (earlier !== undefined) {
      messages.push({ ...earlier, isRepeated: true });
      continue;
    }
    const remembered = await store.first(rememberedMessage, {
      ...message.address,
      externalMessageId: message.externalMessageId,
    });
    // What comes again stays where it was, also when its chat has another id by now.
    const contextId =
      remembered?.context_id ?? (await contextOf(store, contexts, message, speaker, draft)).id;
    const id =
      remembered?.message_id ??
      (messages.length === 0 ? options.firstId : undefined) ??
      newId("msg");
    const received = { id, contextId, isRepeated: remembered !== undefined };
    if (!received.isRepeated) effects.push(recordMessage(message, received, speaker, now));
    accepted.set(key, received);
    messages.push(received);
  }
  if (options.cursor !== undefined) effects.push(await setCursor(store, options.cursor));
  return { effects, seen, messages };
}

async function contextOf(
  store: Reader,
  known: Map<string, Conversation>,
  message: InboundMessage,
  speaker: PersonRow | undefined,
  draft: Draft,
): Promise<Conversation> {
  const { address, chat, movedFrom } = message;
  const before =
    (await followMove(store, message, draft)) ?? (await findContext(store, known, address));
  if (before !== undefined) return before;
  const whole = await findWhole(store, known, message, draft);
  const place = whole === undefined ? address : placeOfTopic(message, whole.row);
  const there = place === address ? undefined : await findContext(store, known, place);
  if (there !== undefined) return there;
  const workspaceId =
    whole?.row.workspace_id ?? (await workspaceOf(store, message, speaker, draft));
  const { kind, title } = chat;
  const created = await findOrCreateContext(store, {
    address: place,
    kind,
    title,
    workspaceId,
    holds: whole?.holds,
  });
  draft.effects.push(...created.effects);
  known.set(keyOf(place), created.row);
  if (movedFrom !== undefined) {
    draft.effects.push(forwardTo(created.row.id, moveOf(address, movedFrom)));
  }
  return created.row;
}

async function findContext(
  store: Reader,
  known: Map<string, Conversation>,
  address: Address,
): Promise<Conversation | undefined> {
  return known.get(keyOf(address)) ?? (await store.first(contextByAddress, address));
}

/** The group that a topic is in; the group's own conversation is made for it when nobody has spoken there. */
async function findWhole(
  store: Reader,
  known: Map<string, Conversation>,
  { address, chat }: InboundMessage,
  draft: Draft,
): Promise<Whole | undefined> {
  if (chat.part === undefined) return undefined;
  const whole = { ...address, externalId: chat.part.of };
  const before = known.get(keyOf(whole));
  if (before !== undefined) return wholeOf(before, draft);
  const { kind } = chat;
  const created = await findOrCreateContext(store, {
    address: whole,
    kind,
    title: chat.part.title,
    workspaceId: undefined,
  });
  draft.effects.push(...created.effects);
  known.set(keyOf(whole), created.row);
  return wholeOf(created.row, draft);
}

/** A group that has another id by now took its topics with it: what comes late under the old one is in none of its own. */
function placeOfTopic({ address, chat }: InboundMessage, { external_id: of }: Conversation) {
  const heardOf = chat.part?.of ?? of;
  if (of === heardOf || !address.externalId.startsWith(`${heardOf}:`)) return address;
  return { ...address, externalId: `${of}${address.externalId.slice(heardOf.length)}` };
}

function wholeOf(row: Conversation, { seen }: Draft): Whole {
  const { id, version, prompt, addressing, is_triaged } = row;
  if (version !== undefined) seen.push({ table: "contexts", id, version });
  if (is_triaged === undefined) return { row, holds: undefined };
  return {
    row,
    holds: { prompt: prompt ?? null, addressing: addressing ?? null, isTriaged: is_triaged === 1 },
  };
}

/** The conversation of a chat that says it had another id before. */
async function followMove(
  store: Reader,
  { address, movedFrom }: InboundMessage,
  { effects }: Draft,
): Promise<Conversation | undefined> {
  if (movedFrom === undefined) return undefined;
  const { row, effects: moves } = await relocateContext(store, moveOf(address, movedFrom));
  effects.push(...moves);
  return row;
}

function moveOf({ connector, account, externalId: to }: Address, from: string): ChatMove {
  return { connector, account, from, to };
}

function keyOf({ connector, account, externalId }: InboundMessage["address"]): string {
  return JSON.stringify([connector, account, externalId]);
}

/** The workspace of the person whose private chat this is. */
async function workspaceOf(
  store: Reader,
  { address, chat, sender }: InboundMessage,
  speaker: PersonRow | undefined,
  { seen }: Draft,
): Promise<string | undefined> {
  if (chat.kind !== "private") return undefined;
  if (speaker !== undefined) return speaker.workspace_id;
  if (sender === undefined || !isSenderProven(address.connector)) return undefined;
  const { externalUserId } = sender;
  const person = await store.first(personByExternalId, {
    connector: address.connector,
    externalUserId,
  });
  if (person === undefined) return undefined;
  seen.push(seenIdentity(person), {
    table: "users",
    id: person.user_id,
    version: person.user_version,
  });
  return person.workspace_id;
}

function recordMessage(
  message: InboundMessage,
  { id, contextId }: ReceivedMessage,
  speaker: PersonRow | undefined,
  now: number,
): Effect {
  const { sender, button, dropReason, albumId, isPressed, isQuoted } = message;
  const files = message.files?.slice(0, MOST_FILES);
  const quotes = keepQuote(message.text, message.quotes);
  const payload = { button, files, albumId, dropReason, isPressed, isQuoted, quotes };
  const hasPayload = Object.values(payload).some((value) => value !== undefined);
  return {
    type: "record-message",
    id,
    contextId,
    address: message.address,
    externalMessageId: message.externalMessageId,
    kind: message.kind,
    senderExternalId: sender?.externalUserId ?? null,
    senderName: sender === undefined ? null : storableText(sender.displayName),
    identityId: speaker?.identity_id ?? null,
    text: storableText(message.text),
    addressed: message.addressed,
    replyToExternalId: message.replyToExternalId ?? null,
    editOf: message.editOf ?? null,
    // An edit stands for itself: its album has been asked, or will be with what it says now.
    albumId: message.editOf === undefined ? albumId : undefined,
    payload: hasPayload ? JSON.stringify(payload) : null,
    trust: speaker === undefined ? "stranger" : "paired",
    sentAtMs: message.sentAtMs,
    receivedAtMs: now,
    rememberUntilMs: now + REMEMBER_MS,
    job: {
      id: newId("job"),
      kind: "handle-message",
      payload: { messageId: id },
      lane: laneOf.inbound(contextId),
      priority: PRIORITY.inbound,
      runAtMs: now,
    },
  };
}

function seenIdentity(person: PersonRow): Seen {
  return { table: "identities", id: person.identity_id, version: person.identity_version };
}

async function setCursor(
  store: Reader,
  cursor: NonNullable<ReceiveOptions["cursor"]>,
): Promise<Effect> {
  const row = await store.first(cursorById, { id: `${cursor.connector}:${cursor.account}` });
  return { type: "set-cursor", ...cursor, fromVersion: row?.version ?? 0 };
}
