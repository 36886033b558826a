import { bold, code, doc, list, p } from "../../core/rich-text/build.ts";
import type { Block } from "../../core/rich-text/rich-text.ts";
import { countDeadLetters } from "../../operations/count-dead-letters.ts";
import { runningWork } from "../../operations/running-work.ts";
import type { Command, CommandCall } from "./command.ts";

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
    const running = [
      ...work.turns.map((run) => p(code(run.id), ` ${run.state}: an answer`)),
      ...work.tasks.map((task) => p(code(task.id), ` ${task.status}: `, code(task.title))),
    ];
    const blocks: Block[] = [
      p(bold("Running here: "), running.length === 0 ? "nothing" : String(running.length)),
    ];
    if (running.length > 0) blocks.push(list(...running));
    blocks.push(p(bold("Channels: "), channelsLine(call)), p(bold("Model: "), call.model.name()));
    const deadLetters = await countDeadLetters(call.deps, call.facts.actor);
    if (deadLetters > 0) blocks.push(deadLettersLine(deadLetters));
    return { reply: doc(...blocks) };
  },
};

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
