import { z } from "zod";
import { AppError } from "../../core/errors.ts";
import { pageOfResult } from "../../core/tool/result-page.ts";
import { resultOfStep } from "../../store/queries/memory.ts";
import { defineTool } from "../tool.ts";

/** Shows the rest of what an earlier call of the same conversation brought. */
export const readMoreTool = defineTool({
  name: "read_more",
  class: "content",
  description:
    "Shows more of a long result of an earlier tool call, which says by which step and from where.",
  input: z.strictObject({
    step: z.string().regex(/^step_[0-9a-z]{1,40}$/),
    from: z.int().min(0).default(0).describe("The character to begin at."),
  }),
  effect: "read",
  timeLimitMs: 10_000,
  sensitivityOf: () => "read",
  describe: ({ step, from }) => `Read on in ${step} from ${from}`,
  async run({ step, from }, { store, contextId }) {
    const row = await store.first(resultOfStep, { id: step, contextId });
    if (row?.result == null)
      throw new AppError("not_found", "There is no such result in this conversation.");
    const { text } = JSON.parse(row.result) as { readonly text: string };
    if (from >= text.length)
      throw new AppError("invalid_input", `That result has ${text.length} characters.`);
    return { text: pageOfResult(step, text, from), taintedBy: row.tainted_by ?? undefined };
  },
});
