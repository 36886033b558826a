import type { Effect } from "../core/effect/effect.ts";
import { addTaints, describeTaint } from "../core/taint/taint-source.ts";
import { isQuotedMessage } from "../operations/is-quoted-message.ts";
import { type FileRow, filesOfMessages } from "../store/queries/files.ts";
import type { MessageRow } from "../store/queries/messages.ts";
import type { Reader } from "../store/store.ts";

type Message = Pick<MessageRow, "trust" | "sender_name" | "payload">;
type File = Pick<FileRow, "name" | "kind">;

/** What a run is about. */
export interface Beginning {
  readonly runId: string;
  /** What the conversation is called. */
  readonly place: string;
  /** The messages that it answers or does; a task of ours may have none. */
  readonly messages: readonly (Message & { readonly id: string })[];
  /** It is marked as made of others' words already. */
  readonly isTainted: boolean;
  /** What the run before it had read, whose journal it goes on from. */
  readonly before: readonly string[];
}

/** A run that is about what others wrote is tainted from its beginning, with a line for each of them. */
export async function taintAtBegin(store: Reader, begin: Beginning): Promise<readonly Effect[]> {
  const { runId, messages } = begin;
  const ids = messages.map(({ id }) => id);
  const by = taintsOf(begin, await filesOfMessages(store, ids));
  return by.length === 0 ? [] : [{ type: "taint-run", id: runId, by }];
}

export function taintsOf(
  {
    place,
    messages,
    isTainted,
    before,
  }: Omit<Beginning, "runId" | "messages"> & {
    readonly messages: readonly Message[];
  },
  files: readonly File[],
): readonly string[] {
  const lines = [
    ...messages.flatMap((message) => taintsOfWords(message, place)),
    ...files.map(({ name, kind }) => describeTaint({ kind: "file", name, what: kind })),
  ];
  const all = addTaints(before, lines);
  return all.length > 0 || !isTainted ? all : [describeTaint({ kind: "own-words" })];
}

function taintsOfWords(message: Message, place: string): readonly string[] {
  const { trust, sender_name: name } = message;
  if (trust === "stranger") return [describeTaint({ kind: "stranger", name, place })];
  return isQuotedMessage(message) ? [describeTaint({ kind: "passed-on", by: name })] : [];
}
