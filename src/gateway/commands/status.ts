import { bold, code, doc, list, p } from "../../core/rich-text/build.ts";
import type { Block } from "../../core/rich-text/rich-text.ts";
import { countDeadLetters } from "../../operations/count-dead-letters.ts";
import { type ApprovalPage, listApprovals } from "../../operations/list-approvals.ts";
import { runningWork } from "../../operations/running-work.ts";
import type { Command, CommandCall } from "./command.ts";

const MOST_SHOWN = 10;
const MOST_COUNTED = 100;

export const statusCommand: Command = {
  name: "status",
  aliases: [],
  args: "",
  summary: "Show running work, channels and the model",
  permission: "read:status",
  run: async (call) => {
    const work = await runningWork(call.deps, call.facts.actor, {
      contextId: call.facts.context.id,
    });
    const open = [
      ...work.turns.map((run) => p(code(run.id), ` ${run.state}: an answer`)),
      ...work.tasks.map((task) => p(code(task.id), ` ${task.status}: `, code(task.title))),
    ];
    const blocks: Block[] = [
      p(bold("Running here: "), open.length === 0 ? "nothing" : String(open.length)),
    ];
    if (open.length > 0) blocks.push(list(...open.slice(0, MOST_SHOWN)));
    if (open.length > MOST_SHOWN) blocks.push(p(`And ${open.length - MOST_SHOWN} more.`));
    blocks.push(p(bold("Channels: "), channelsLine(call)), p(bold("Model: "), call.model.name()));
    const waiting = await listApprovals(call.deps, call.facts.actor, {
      askedInContextId: call.facts.context.id,
      state: "pending",
      limit: MOST_COUNTED,
    });
    if (waiting.items.length > 0) blocks.push(approvalsLine(waiting));
    const deadLetters = await countDeadLetters(call.deps, call.facts.actor);
    if (deadLetters > 0) blocks.push(deadLettersLine(deadLetters));
    return { reply: doc(...blocks) };
  },
};

function approvalsLine({ items, nextCursor }: ApprovalPage): Block {
  const count = `${items.length}${nextCursor === null ? "" : " and more"}`;
  return p(bold("Waiting for an approval: "), count, ". To see them: ", code("/pending-actions"));
}

function deadLettersLine(count: number): Block {
  return p(
    bold("Dead letters: "),
    `${count}. To see what to do about each: `,
    code("agent-runtime dead-letters list"),
  );
}

function channelsLine({ channels }: CommandCall): string {
  const all = channels.list().map(({ connector, state, message }) => {
    return `${connector} ${state}${message === "" ? "" : ` (${message})`}`;
  });
  return all.length === 0 ? "none" : all.join(", ");
}
