import { AppError } from "../../core/errors.ts";
import { explainMessage } from "../../operations/explain-message.ts";
import type { OperationDeps } from "../../operations/operation.ts";
import { isBeforeGroup } from "../../operations/task-access.ts";
import { recentDeliveriesOfContext } from "../../store/queries/deliveries.ts";
import { messageBefore, messageInContext } from "../../store/queries/messages.ts";
import { formatExplanation } from "../format-explanation.ts";
import type { MessageFacts } from "../message-facts.ts";
import type { Command } from "./command.ts";

/** How many replies back a message of ours may be asked about by answering it. */
const MOST_SEARCHED = 200;

export const explainCommand: Command = {
  name: "explain",
  aliases: [],
  args: "[message]",
  summary: "Tell what became of a message, and why",
  permission: "read:messages",
  run: async ({ deps, facts, args }) => {
    const text = args.trim() || (await meantMessage(deps, facts));
    const explanation = await explainMessage(deps, facts.actor, {
      text,
      contextId: facts.context.id,
    });
    const isGroup = await isBeforeGroup(deps.store, facts.context.id);
    return { reply: formatExplanation(explanation, isGroup) };
  },
};

/** The message this one answers, ours or somebody's; else the one before it. */
async function meantMessage(
  { store }: OperationDeps,
  { message, context }: MessageFacts,
): Promise<string> {
  const repliedTo = message.reply_to_external_id;
  if (repliedTo !== null) {
    const theirs = await store.first(messageInContext, {
      contextId: context.id,
      connector: message.connector,
      account: message.account,
      externalMessageId: repliedTo,
    });
    if (theirs !== undefined) return theirs.id;
    const said = await store.all(recentDeliveriesOfContext, {
      contextId: context.id,
      limit: MOST_SEARCHED,
    });
    const ours = said.find(({ receipts }) =>
      (JSON.parse(receipts) as string[]).includes(repliedTo),
    );
    if (ours?.message_id != null) return ours.message_id;
    throw new AppError(
      "not_found",
      "I do not know the message you replied to. Send /explain with its id.",
    );
  }
  const before = await store.first(messageBefore, { contextId: context.id, seq: message.seq });
  if (before === undefined) throw new AppError("not_found", "There is no message before this one.");
  return before.id;
}
