import { doc, p } from "../core/rich-text/build.ts";
import { type CancelledTurns, cancelTurn } from "../operations/cancel-turn.ts";
import type { OperationDeps } from "../operations/operation.ts";
import type { CommandResult } from "./commands/command.ts";
import type { MessageFacts } from "./message-facts.ts";

/** Ends what is being answered in this conversation, or one turn of it, and says what that came to. */
export async function stopTurns(
  deps: OperationDeps,
  { actor, context }: MessageFacts,
  runId?: string,
): Promise<CommandResult> {
  const turns = await cancelTurn(deps, actor, { contextId: context.id, runId });
  const reply = [...turns.outcomes, ...doc(p(describe(turns)))];
  return { reply, effects: turns.effects, seen: turns.seen };
}

function describe({ stoppingRunIds, cancelledRunIds, leftAlone }: CancelledTurns): string {
  const sentences: string[] = [];
  if (stoppingRunIds.length > 0) sentences.push("I am stopping.");
  if (cancelledRunIds.length === 1) sentences.push("One waiting message is cancelled.");
  if (cancelledRunIds.length > 1) {
    sentences.push(`${cancelledRunIds.length} waiting messages are cancelled.`);
  }
  if (sentences.length > 0) return sentences.join(" ");
  return leftAlone > 0
    ? "What I am doing here was asked by somebody else. Ending it takes the role operator or higher."
    : "I am not answering anything here right now. Tasks are ended with /cancel.";
}
