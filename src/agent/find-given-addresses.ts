import { readFoundAddresses, readTypedAddresses } from "../core/tool/given-addresses.ts";
import { isQuotedMessage } from "../operations/is-quoted-message.ts";
import { conversationMessages } from "../store/queries/conversation.ts";
import { messageById } from "../store/queries/messages.ts";
import { type RunRow, stepsOfRun, stepsOfTask } from "../store/queries/runs.ts";
import type { Reader } from "../store/store.ts";
import type { CallResult, JournalStep } from "./journal.ts";
import { findStart } from "./memory/find-start.ts";

/**
 * The addresses that a paired person typed in the conversation up to what the run answers, or that a search of this work
 * returned. What somebody only passes on counts as nobody's.
 */
export async function findGivenAddresses(store: Reader, run: RunRow): Promise<readonly string[]> {
  const steps: readonly JournalStep[] =
    run.task_id === null
      ? await store.all(stepsOfRun, { runId: run.id })
      : await store.all(stepsOfTask, { taskId: run.task_id });
  return [...steps.flatMap(foundBy), ...(await typedBefore(store, run))];
}

function foundBy({ name, state, result }: JournalStep): readonly string[] {
  if (name !== "web_search" || state !== "finished" || result === null) return [];
  return readFoundAddresses((JSON.parse(result) as CallResult).text);
}

async function typedBefore(
  store: Reader,
  { message_id, context_id }: RunRow,
): Promise<readonly string[]> {
  if (message_id === null || context_id === null) return [];
  const message = await store.first(messageById, { id: message_id });
  if (message === undefined) return [];
  const conversation = { contextId: context_id, messageSeq: message.seq };
  const { startSeq } = await findStart(store, conversation);
  const said = await store.all(conversationMessages, {
    contextId: context_id,
    afterSeq: startSeq,
    upToSeq: message.seq,
  });
  return said
    .filter((one) => !isQuotedMessage(one))
    .flatMap(({ text }) => readTypedAddresses(text ?? ""));
}
