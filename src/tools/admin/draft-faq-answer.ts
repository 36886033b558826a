import { z } from "zod";
import { defineTool } from "../tool.ts";

const OPENING = {
  neutral: "",
  friendly: "Good question! ",
  strict: "Please note: ",
} as const;
const FOLLOW_UP = "Write again if that does not answer it.";

/** Puts points together into an answer that is given often. Nothing is sent. */
export const draftFaqAnswerTool = defineTool({
  name: "draft_faq_answer",
  class: "admin",
  description:
    "Sets out an answer to a question that is often asked, from its key points. It only drafts; nothing is sent.",
  input: z.strictObject({
    question: z.string().trim().min(1).max(500),
    key_points: z.array(z.string().trim().min(1).max(1_000)).min(1).max(20),
    tone: z.enum(["neutral", "friendly", "strict"]).default("neutral"),
    include_follow_up: z.boolean().default(false),
  }),
  effect: "read",
  timeLimitMs: 5_000,
  sensitivityOf: () => "read",
  describe: ({ question }) => `Draft an answer to ${JSON.stringify(question)}`,
  async run({ question, key_points: points, tone, include_follow_up: hasFollowUp }) {
    const sentences = points.map((point) => (/[.!?…]$/u.test(point) ? point : `${point}.`));
    const answer = `${OPENING[tone]}${sentences.join(" ")}${hasFollowUp ? ` ${FOLLOW_UP}` : ""}`;
    return { text: `**${question}**\n\n${answer}` };
  },
});
