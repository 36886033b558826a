import { z } from "zod";
import { AppError } from "../core/errors.ts";
import { guardArguments } from "../core/guardrail/guard-arguments.ts";
import { type Guard, nameValues } from "../core/guardrail/guardrail.ts";
import type { Log } from "../core/log.ts";
import type { Tool } from "./tool.ts";
import type { Toolbox } from "./toolbox.ts";

/**
 * The same tools, by none of which a value leaves the house that the output guardrail keeps in it: in an address, a
 * request, a mail. What is replaced is replaced before the call is judged, so that what is approved is what is done.
 */
export function guardToolbox(toolbox: Toolbox, guard: Guard, log: Log): Toolbox {
  if (guard.mode === "disabled") return toolbox;
  return {
    get offered() {
      return toolbox.offered;
    },
    in: async (workspace) => guardToolbox(await toolbox.in(workspace), guard, log),
    find(name) {
      const tool = toolbox.find(name);
      return tool === undefined ? undefined : { ...tool, input: guardInput(tool, guard, log) };
    },
  };
}

function guardInput(tool: Tool, guard: Guard, log: Log): z.ZodType {
  return tool.input.transform((input, context) => {
    if (!leavesTheHouse(tool, input)) return input;
    const guarded = guardArguments(guard, input);
    if (guarded.found.length === 0) return input;
    const { mode } = guard;
    const fields = { direction: "output", mode, found: guarded.found, tool: tool.name };
    log.write("info", "guardrail found values", fields);
    const what = nameValues(guarded.found);
    if (guarded.kind === "blocked") return refuse(context, `they hold ${what}, which stays here`);
    const clean = tool.input.safeParse(guarded.input);
    return clean.success
      ? clean.data
      : refuse(context, `nothing works without ${what}, which stays here`);
  });
}

function leavesTheHouse(tool: Tool, input: unknown): boolean {
  try {
    return ["fetch", "outward"].includes(tool.sensitivityOf(input));
  } catch (error) {
    // Whoever judges the call says what is wrong with it.
    if (error instanceof AppError) return false;
    throw error;
  }
}

function refuse(context: z.RefinementCtx, message: string): never {
  context.addIssue(message);
  return z.NEVER;
}
