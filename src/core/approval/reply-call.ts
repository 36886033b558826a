import { z } from "zod";

/**
 * The tool whose approved call lets an answer be said. No model is offered it: the runtime asks, when strangers would
 * read what a run says that has read others' words.
 */
export const REPLY = "reply";

/** What is approved, and digested with the approval: this text, whole. */
export const replyArguments = z.strictObject({
  text: z.string().min(1),
  /** The model reached its length limit in it, which is said below it. */
  is_cut_off: z.boolean(),
});
export type ReplyArguments = z.infer<typeof replyArguments>;

/** Reads what was journaled. */
export function readReply(args: string): ReplyArguments {
  return replyArguments.parse(JSON.parse(args));
}
