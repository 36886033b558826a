import { showSpend } from "../../operations/show-spend.ts";
import { formatSpend } from "../format-spend.ts";
import type { Command } from "./command.ts";

export const spendCommand: Command = {
  name: "spend",
  aliases: [],
  args: "",
  summary: "Show what was spent on models today, and how much may be",
  permission: "read:status",
  run: async ({ deps, facts, model }) => {
    const input = { askedInContextId: facts.context.id, rules: model.spendRules };
    return { reply: formatSpend(await showSpend(deps, facts.actor, input)) };
  },
};
