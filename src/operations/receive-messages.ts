import type { Decision, Seen } from "../core/effect/commit.ts";
import type { Effect } from "../core/effect/effect.ts";
import { newId } from "../core/ids.ts";
import { laneOf, PRIORITY } from "../core/job/lanes.ts";
import type { ConnectorName, InboundMessage } from "../core/message/inbound-message.ts";
import { isSenderProven } from "../core/message/sender-proof.ts";
import { storableText } from "../core/message/storable-text.ts";
import { cursorById } from "../store/queries/cursors.ts";
import { rememberedMessage } from "../store/queries/messages.ts";
import { type PersonRow, personByExternalId, personByIdentityId } from "../store/queries/people.ts";
import type { Reader } from "../store/store.ts";
import { type FoundContext, findOrCreateContext } from "./find-or-create-context.ts";
import type { OperationDeps } from "./operation.ts";

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
 * What was accepted before is left out. Nothing is judged here but who speaks; that is the gateway's work.
 */
export async function receiveMessages(
  { store, now }: OperationDeps,
  batch: readonly InboundMessage[],
  options: ReceiveOptions = {},
): Promise<Received> {
  const people = createPeople(store, options.identityId);
  const contexts = new Map<string, FoundContext>();
  const accepted = new Map<string, ReceivedMessage>();
  const effects: Effect[] = [];
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
    const person = await people.find(message);
    const context = await contextOf(store, contexts, message, person, effects);
    const remembered = await store.first(rememberedMessage, {
      ...message.address,
      externalMessageId: message.externalMessageId,
    });
    const id =
      remembered?.message_id ??
      (messages.length === 0 ? options.firstId : undefined) ??
      newId("msg");
    const received = { id, contextId: context.row.id, isRepeated: remembered !== undefined };
    if (!received.isRepeated) effects.push(recordMessage(message, received, person, now));
    accepted.set(key, received);
    messages.push(received);
  }
  if (options.cursor !== undefined) effects.push(await setCursor(store, options.cursor));
  return { effects, seen: people.seen(), messages };
}

async function contextOf(
  store: Reader,
  known: Map<string, FoundContext>,
  message: InboundMessage,
  person: PersonRow | undefined,
  effects: Effect[],
): Promise<FoundContext> {
  const { address, chat } = message;
  const key = JSON.stringify([address.connector, address.account, address.externalId]);
  const before = known.get(key);
  if (before !== undefined) return before;
  const found = await findOrCreateContext(store, {
    address,
    kind: chat.kind,
    title: chat.title,
    workspaceId: chat.kind === "private" ? person?.workspace_id : undefined,
  });
  effects.push(...found.effects);
  known.set(key, found);
  return found;
}

/** Looks people up once a batch. */
function createPeople(store: Reader, identityId: string | undefined) {
  const known = new Map<string, PersonRow | undefined>();

  async function find(message: InboundMessage): Promise<PersonRow | undefined> {
    const { connector } = message.address;
    const externalUserId = message.sender?.externalUserId;
    if (identityId === undefined && (externalUserId === undefined || !isSenderProven(connector))) {
      return undefined;
    }
    const key = JSON.stringify([connector, identityId ?? externalUserId]);
    if (!known.has(key)) {
      const person =
        identityId !== undefined
          ? await store.first(personByIdentityId, { id: identityId })
          : await store.first(personByExternalId, {
              connector,
              externalUserId: externalUserId ?? "",
            });
      known.set(key, person);
    }
    return known.get(key);
  }

  function seen(): Seen[] {
    const people = [...known.values()].filter((person) => person !== undefined);
    return people.map((person) => ({
      table: "identities",
      id: person.identity_id,
      version: person.identity_version,
    }));
  }

  return { find, seen };
}

function recordMessage(
  message: InboundMessage,
  { id, contextId }: ReceivedMessage,
  person: PersonRow | undefined,
  now: number,
): Effect {
  const { sender, button, dropReason } = message;
  const hasPayload = button !== undefined || dropReason !== undefined;
  return {
    type: "record-message",
    id,
    contextId,
    address: message.address,
    externalMessageId: message.externalMessageId,
    kind: message.kind,
    senderExternalId: sender?.externalUserId ?? null,
    senderName: sender === undefined ? null : storableText(sender.displayName),
    identityId: person?.identity_id ?? null,
    text: storableText(message.text),
    addressed: message.addressed,
    replyToExternalId: message.replyToExternalId ?? null,
    payload: hasPayload ? JSON.stringify({ button, dropReason }) : null,
    trust: person === undefined ? "stranger" : "paired",
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

async function setCursor(
  store: Reader,
  cursor: NonNullable<ReceiveOptions["cursor"]>,
): Promise<Effect> {
  const row = await store.first(cursorById, { id: `${cursor.connector}:${cursor.account}` });
  return { type: "set-cursor", ...cursor, fromVersion: row?.version ?? 0 };
}
