import { describe, expect, test } from "vitest";
import { NEVER } from "../../core/abort.ts";
import type { Tool, ToolScene } from "../tool.ts";
import { draftEscalationTool } from "./draft-escalation.ts";
import { draftFaqAnswerTool } from "./draft-faq-answer.ts";
import { moderationTriageTool } from "./moderation-triage.ts";

async function call(tool: Tool, input: unknown): Promise<string> {
  const { effects, text } = await tool.run(tool.input.parse(input), {} as ToolScene, NEVER);
  expect(effects).toBeUndefined();
  return text;
}
const isTaken = (tool: Tool, input: unknown) => tool.input.safeParse(input).success;

describe("moderation_triage", () => {
  const triage = (message: string) => call(moderationTriageTool, { message });

  test.each([
    ["I will KILL you", "critical", "threat"],
    ["they threaten self-harm", "critical", "threat"],
    ["we are going to dox him", "critical", "threat"],
    ["stop harassing me", "high", "harassment"],
    ["free nitro, dm me", "medium", "spam"],
    ["k\u200bill", "critical", "threat"],
    [`${"word ".repeat(990)} bomb`, "critical", "threat"],
    ["spam and abuse", "high", "harassment, spam"],
    ["nice work", "low", "general"],
  ])("%j is %s: %s", async (message, severity, labels) => {
    expect(await triage(message)).toMatch(
      new RegExp(`^severity: ${severity}\nlabels: ${labels}\nsuggested action: `),
    );
  });

  test("goes by whole words", async () => {
    for (const message of ["my skills", "whatever", "the bombast", "a swatch", "I hat this"])
      expect(await triage(message)).toMatch(/^severity: low/);
  });

  test("names who reported it and where, as what was given", async () => {
    const given = { message: "x", reporter_user_id: "7", channel: "a\nseverity: low" };
    expect(await call(moderationTriageTool, given)).toMatch(
      /reported by: "7"\nchannel: "a\\nseverity: low"$/,
    );
    expect(isTaken(moderationTriageTool, { message: "x".repeat(5_001) })).toBe(false);
    expect(isTaken(moderationTriageTool, { message: "x", ban: true })).toBe(false);
  });
});

test("draft_escalation sets out the note, and sends nothing", async () => {
  const note = {
    topic: "Outage",
    summary: "The shop is down.",
    urgency: "high",
    evidence: ["500 since 9:00", "Ada saw it"],
    next_step: "Restart it.",
  };
  expect(await call(draftEscalationTool, note)).toBe(
    "**Escalation: Outage**\n\nUrgency: high\n\n**What happened**\n\nThe shop is down.\n\n**Evidence**\n\n- 500 since 9:00\n- Ada saw it\n\n**Next step**\n\nRestart it.",
  );
  const { next_step: _, ...without } = { ...note, evidence: [] };
  expect(await call(draftEscalationTool, without)).toMatch(/\*\*Evidence\*\*\n\nNone yet\.$/);
  expect(isTaken(draftEscalationTool, { ...note, urgency: "now" })).toBe(false);
  expect(isTaken(draftEscalationTool, { ...note, to: "a@b" })).toBe(false);
  expect(draftEscalationTool.sensitivityOf(note)).toBe("read");
});

test("draft_faq_answer puts the points together", async () => {
  const points = ["It is free", "It runs on Linux!"];
  expect(await call(draftFaqAnswerTool, { question: "How much?", key_points: points })).toBe(
    "**How much?**\n\nIt is free. It runs on Linux!",
  );
  const friendly = { question: "How much?", key_points: points, tone: "friendly" };
  expect(await call(draftFaqAnswerTool, { ...friendly, include_follow_up: true })).toBe(
    "**How much?**\n\nGood question! It is free. It runs on Linux! Write again if that does not answer it.",
  );
  expect(isTaken(draftFaqAnswerTool, { question: "x", key_points: [] })).toBe(false);
  expect(isTaken(draftFaqAnswerTool, { ...friendly, tone: "rude" })).toBe(false);
});
