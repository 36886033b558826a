import { AppError } from "../../core/errors.ts";
import { code, doc, p } from "../../core/rich-text/build.ts";
import { beginAnew } from "../../operations/begin-anew.ts";
import { runningWork } from "../../operations/running-work.ts";
import type { Command } from "./command.ts";

export const newCommand: Command = {
  name: "new",
  aliases: ["reset"],
  args: "",
  summary: "Begin anew: what was said here before is told to me no more",
  permission: "converse",
  permissionInGroups: "manage:contexts",
  // It takes away what a conversation rests on: no model leads anybody to it.
  isOursToOffer: true,
  run: async ({ deps, facts, args }) => {
    if (args.trim() !== "") {
      const usage = "Send /new alone, and then what you want to say. Nothing was changed.";
      throw new AppError("invalid_input", usage);
    }
    const { actor, context, message, takenBackRunId } = facts;
    const contextId = context.id;
    const decision = await beginAnew(deps, actor, { contextId, messageSeq: message.seq });
    const { turns } = await runningWork(deps, actor, { contextId });
    const isBusy = turns.some(({ id }) => id !== takenBackRunId);
    return {
      reply: doc(
        p(
          "We begin anew: what was said here before is told to me no more. Rules, the prompt, my notes and the log stay.",
        ),
        ...(isBusy
          ? [p("What I was asked before goes on with what it knew; ", code("/cancel"), " ends it.")]
          : []),
      ),
      ...decision,
    };
  },
};
