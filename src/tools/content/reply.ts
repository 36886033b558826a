import { REPLY, type ReplyArguments, replyArguments } from "../../core/approval/reply-call.ts";
import { defineTool } from "../tool.ts";

/**
 * Lets an answer be said that a person approved. No model is offered it, and none can call it. Its line is read where
 * the text may not be, so it holds none of it.
 */
export const replyTool = defineTool<ReplyArguments>({
  name: REPLY,
  class: "content",
  description: "Says an answer that a person approved.",
  input: replyArguments,
  // The text is said by the commit that ends the run: to let it be said once more says nothing twice.
  effect: "read",
  timeLimitMs: 10_000,
  sensitivityOf: () => "outward",
  describe: ({ text }) => `Say an answer of ${text.length} characters to everybody there`,
  run: async () => ({ text: "It may be said." }),
});
