import { z } from "zod";
import { normalizeText } from "../../core/triage/normalize-text.ts";
import { anyOf } from "../../core/triage/words.ts";
import { defineTool } from "../tool.ts";

const LONGEST_MESSAGE = 5_000;

interface Finding {
  readonly severity: "critical" | "high" | "medium" | "low";
  readonly label: string;
  readonly action: string;
}

/** From the worst down; the first that fits says how bad it is, all that fit are named. */
const TABLE: readonly (Finding & { readonly words: RegExp })[] = [
  {
    severity: "critical",
    label: "threat",
    action: "Tell whoever looks after the group at once. Hide the message and keep a copy.",
    words: anyOf(
      "kill(?:s|ed|ing)?",
      "dox(?:x?(?:es|ed|ing))?",
      "doxx",
      "swat(?:s|ted|ting)?",
      "suicid(?:e|al)",
      "self[- ]?harm(?:s|ed|ing)?",
      "bomb(?:s|ed|ing)?",
      "shoot(?:s|ing)?",
      "shot up",
    ),
  },
  {
    severity: "high",
    label: "harassment",
    action: "Hide the message and have a moderator look at it today.",
    words: anyOf(
      "hat(?:e|es|ed|ing|eful)",
      "slurs?",
      "harass(?:es|ed|ing|ment)?",
      "stalk(?:s|ed|ing|er)?",
      "abus(?:e|es|ed|ing|ive)",
    ),
  },
  {
    severity: "medium",
    label: "spam",
    action: "Remove the message; warn its sender, or ban them when they do it again.",
    words: anyOf(
      "spam(?:s|med|ming|mer|mers)?",
      "air ?drops?",
      "dm me",
      "crypto signals?",
      "free nitro",
    ),
  },
];
const NOTHING_FOUND: Finding = {
  severity: "low",
  label: "general",
  action: "Nothing stands out. Leave it, or answer it.",
};

/** Says by words how bad a message is that somebody reported: a first look, which decides nothing. */
export const moderationTriageTool = defineTool({
  name: "moderation_triage",
  class: "admin",
  description:
    "Takes a first look at a reported message, by words alone: how severe it is, of what kind, and what to do. It does nothing by itself; words can be quoted or meant otherwise.",
  input: z.strictObject({
    message: z.string().trim().min(1).max(LONGEST_MESSAGE),
    reporter_user_id: z.string().trim().min(1).max(100).optional(),
    channel: z.string().trim().min(1).max(200).optional(),
  }),
  effect: "read",
  timeLimitMs: 5_000,
  sensitivityOf: () => "read",
  describe: () => "Look at how severe a reported message is",
  async run({ message, reporter_user_id: reporter, channel }) {
    const text = normalizeText(message, LONGEST_MESSAGE);
    const found = TABLE.filter(({ words }) => words.test(text));
    const { severity, action } = found[0] ?? NOTHING_FOUND;
    const labels = (found.length === 0 ? [NOTHING_FOUND] : found).map(({ label }) => label);
    return {
      text: [
        `severity: ${severity}`,
        `labels: ${labels.join(", ")}`,
        `suggested action: ${action}`,
        ...(reporter === undefined ? [] : [`reported by: ${JSON.stringify(reporter)}`]),
        ...(channel === undefined ? [] : [`channel: ${JSON.stringify(channel)}`]),
      ].join("\n"),
    };
  },
});
