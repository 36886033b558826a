import { expect, test } from "vitest";
import { z } from "zod";
import { AppError } from "../core/errors.ts";
import { type JudgeFacts, judgeToolCall } from "./judge-call.ts";
import { defineTool } from "./tool.ts";
import { createToolbox } from "./toolbox.ts";

const water = defineTool({
  name: "water",
  class: "filesystem",
  description: "Waters a plant.",
  input: z.strictObject({ plant: z.string().max(5), litres: z.number().default(1) }),
  effect: "write",
  timeLimitMs: 1_000,
  sensitivityOf({ plant }) {
    if (plant === "stone") throw new AppError("invalid_input", "A stone is no plant.");
    return "write";
  },
  describe: () => "Water it",
  run: async () => ({ text: "watered" }),
});
const FACTS: JudgeFacts = {
  preset: "sensitive-only",
  role: "member",
  isTainted: false,
  isGivenAddress: () => false,
};
const judge = (tool: string, input: unknown, facts: Partial<JudgeFacts> = {}) =>
  judgeToolCall(createToolbox([water]), { tool, input }, { ...FACTS, ...facts });

test("a model is told what is wrong with its arguments, by their names, and may try again", () => {
  expect(judge("water", { plant: "far too long", depth: 3 })).toEqual({
    kind: "refuse",
    text: expect.stringMatching(
      /^water cannot take these arguments\. plant: .+; arguments: .*depth/u,
    ),
  });
  for (const input of [undefined, null, "rose", [], { litres: "many" }])
    expect(judge("water", input)).toMatchObject({
      kind: "refuse",
      text: expect.stringContaining("water cannot take these arguments. "),
    });
  expect(judge("water", { plant: "rose" })).toMatchObject({
    kind: "run",
    input: { plant: "rose", litres: 1 },
  });
});

test("a model is told that there is no such tool, and what a tool refuses by itself", () => {
  expect(judge(`wat"er${"x".repeat(500)}`, {})).toEqual({
    kind: "refuse",
    text: `There is no tool called ${JSON.stringify(`wat"er${"x".repeat(94)}`)}.`,
  });
  expect(judge("water", { plant: "stone" })).toEqual({
    kind: "refuse",
    text: "A stone is no plant.",
  });
});

test("whoever may not have it done is refused, and whoever has read others' words is asked about", () => {
  expect(judge("water", { plant: "rose" }, { role: "viewer" })).toEqual({
    kind: "refuse",
    text: "water is not for this person's role.",
  });
  expect(judge("water", { plant: "rose" }, { isTainted: true })).toMatchObject({ kind: "ask" });
});
