import { z } from "zod";
import { defineTool } from "../tool.ts";

const line = z.string().trim().min(1).max(1_000);

/** Writes a note to whoever is to take something over. Nothing is sent. */
export const draftEscalationTool = defineTool({
  name: "draft_escalation",
  class: "admin",
  description:
    "Sets out a note that hands something to a person higher up: topic, urgency, what happened, evidence, next step. It only drafts; nothing is sent.",
  input: z.strictObject({
    topic: z.string().trim().min(1).max(200),
    summary: z.string().trim().min(1).max(4_000),
    urgency: z.enum(["low", "medium", "high", "critical"]),
    evidence: z.array(line).max(20),
    next_step: line.optional(),
  }),
  effect: "read",
  timeLimitMs: 5_000,
  sensitivityOf: () => "read",
  describe: ({ topic }) => `Draft an escalation about ${JSON.stringify(topic)}`,
  async run({ topic, summary, urgency, evidence, next_step: nextStep }) {
    const list = evidence.length === 0 ? "None yet." : evidence.map((one) => `- ${one}`).join("\n");
    return {
      text: [
        `**Escalation: ${topic}**`,
        `Urgency: ${urgency}`,
        `**What happened**\n\n${summary}`,
        `**Evidence**\n\n${list}`,
        ...(nextStep === undefined ? [] : [`**Next step**\n\n${nextStep}`]),
      ].join("\n\n"),
    };
  },
});
