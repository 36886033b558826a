import type { Trust } from "../core/message/inbound-message.ts";
import { describeTaint } from "../core/taint/taint-source.ts";
import { isQuotedMessage } from "../operations/is-quoted-message.ts";
import type { FileRow } from "../store/queries/files.ts";

interface TaskToJudge {
  readonly taint: 0 | 1;
  readonly context_title: string;
}

interface MessageBehind {
  readonly trust: Trust;
  readonly sender_name: string | null;
  readonly payload: string | null;
}

/** Whose words a task is made of besides those of whoever asks for it, one line each: what it is told taints its runs. */
export function taintOfTask(
  { taint, context_title: place }: TaskToJudge,
  messages: readonly MessageBehind[],
  files: readonly Pick<FileRow, "name" | "kind">[],
): readonly string[] {
  const lines = [
    ...messages.flatMap((message) => taintOfWords(message, place)),
    ...files.map(taintOfFile),
  ];
  if (lines.length > 0 || taint === 0) return lines;
  return [describeTaint({ kind: "own-words" })];
}

/** Whose words a message brings besides its sender's. */
export function taintOfWords(message: MessageBehind, place: string): readonly string[] {
  const { trust, sender_name: name } = message;
  if (trust === "stranger") return [describeTaint({ kind: "stranger", name, place })];
  return isQuotedMessage(message) ? [describeTaint({ kind: "passed-on", by: name })] : [];
}

export function taintOfFile({ name, kind }: Pick<FileRow, "name" | "kind">): string {
  return describeTaint({ kind: "file", name, what: kind });
}
