import type { EpochMs } from "../../core/clock.ts";
import type { ConnectorName, InboundMessage } from "../../core/message/inbound-message.ts";
import type { QuotedWords } from "../../core/message/quoted-words.ts";
import { isSenderProven } from "../../core/message/sender-proof.ts";
import { describeTaint } from "../../core/taint/taint-source.ts";
import { sentBefore } from "../../store/queries/deliveries.ts";
import { personByExternalId } from "../../store/queries/people.ts";
import { runRowById } from "../../store/queries/runs.ts";
import type { Reader } from "../../store/store.ts";

/** Among so many of our messages before it what a message replies to is looked for. */
const MOST_SEARCHED = 200;

/** What a message replies to, as it is told. */
export interface Quote {
  readonly text: string;
  readonly whose: "ours" | "their own" | { readonly name: string };
  /** Whose words are in it that have no authority, one line each. */
  readonly taintedBy: readonly string[];
}

interface Message {
  readonly id: string;
  readonly connector: ConnectorName;
  readonly sender_external_id: string | null;
  readonly sender_name: string | null;
  readonly payload: string | null;
  readonly reply_to_external_id: string | null;
  readonly received_at_ms: EpochMs;
}

/** What the messages of a conversation reply to, by their ids. */
export async function findQuotes(
  reader: Reader,
  contextId: string,
  messages: readonly Message[],
): Promise<ReadonlyMap<string, Quote>> {
  const quoting = messages.flatMap((message) => {
    const quotes = readQuotes(message.payload);
    return quotes === undefined ? [] : [{ message, quotes }];
  });
  const found = quoting.map(async ({ message, quotes }) => {
    const { text, by, isOurs } = quotes;
    const taintedBy = isOurs
      ? await taintsOfOurs(reader, contextId, message)
      : await taintsOfTheirs(reader, by, message);
    return [message.id, { text, whose: whoseAre(quotes, message), taintedBy }] as const;
  });
  return new Map(await Promise.all(found));
}

function whoseAre({ by, isOurs }: QuotedWords, { sender_external_id: sender }: Message) {
  if (isOurs) return "ours";
  if (by === undefined) return { name: "somebody" };
  return by.externalUserId === sender ? "their own" : { name: by.displayName };
}

function readQuotes(payload: string | null): QuotedWords | undefined {
  return payload === null ? undefined : (JSON.parse(payload) as InboundMessage).quotes;
}

/** Only the answer of a run that read nothing of others is clean: commands and cards name people and their words. */
async function taintsOfOurs(
  reader: Reader,
  contextId: string,
  { reply_to_external_id: id, received_at_ms: beforeMs }: Message,
): Promise<readonly string[]> {
  const ours = await reader.all(sentBefore, { contextId, beforeMs, limit: MOST_SEARCHED });
  const said = ours.find(
    ({ receipts }) => id !== null && (JSON.parse(receipts) as string[]).includes(id),
  );
  const isAnswer = said !== undefined && said.run_id !== null && said.card === null;
  const run = isAnswer ? await reader.first(runRowById, { id: said.run_id ?? "" }) : undefined;
  return run?.taint === 0 ? [] : [describeTaint({ kind: "own-words" })];
}

async function taintsOfTheirs(
  reader: Reader,
  by: QuotedWords["by"],
  { connector, sender_name }: Message,
): Promise<readonly string[]> {
  const { externalUserId } = by ?? {};
  const person =
    externalUserId !== undefined && isSenderProven(connector)
      ? await reader.first(personByExternalId, { connector, externalUserId })
      : undefined;
  if (person !== undefined) return [];
  return [describeTaint({ kind: "quoted", of: by?.displayName ?? null, by: sender_name })];
}
