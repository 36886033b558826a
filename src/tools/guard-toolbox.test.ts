import { describe, expect, test } from "vitest";
import { z } from "zod";
import { AppError } from "../core/errors.ts";
import type { GuardMode } from "../core/guardrail/guardrail.ts";
import type { Sensitivity } from "../core/tool/tool-facts.ts";
import { guardToolbox } from "./guard-toolbox.ts";
import { judgeToolCall } from "./judge-call.ts";
import { defineTool } from "./tool.ts";
import { createToolbox } from "./toolbox.ts";

const CARD = "4111 1111 1111 1111";
const input = z.strictObject({ url: z.url(), amount: z.number().default(1) });

function toolOf(name: string, sensitivity: Sensitivity) {
  return defineTool({
    name,
    class: "network",
    description: "For this test.",
    input,
    effect: "send",
    timeLimitMs: 1_000,
    sensitivityOf: ({ url }) => {
      if (url.includes("nowhere")) throw new AppError("invalid_input", "There is no such place.");
      return sensitivity;
    },
    addressOf: ({ url }) => url,
    describe: ({ url }) => `Read ${url}`,
    run: async () => ({ text: "" }),
  });
}

function judge(mode: GuardMode, tool: string, args: object) {
  const logged: string[] = [];
  const log = {
    write: (_level: string, message: string, fields?: object) =>
      logged.push(`${message} ${JSON.stringify(fields)}`),
  };
  const tools = createToolbox([
    toolOf("write", "write"),
    toolOf("fetch", "fetch"),
    toolOf("post", "outward"),
  ]);
  const toolbox = guardToolbox(tools, { mode, values: ["cards"] }, log);
  expect(toolbox.offered).toEqual(tools.offered);
  const judged = judgeToolCall(
    toolbox,
    { tool, input: args },
    { preset: "sensitive-only", role: "admin", isTainted: false, isGivenAddress: () => false },
  );
  return { judged, logged: logged.join("\n") };
}

const leak = { url: `https://x.example/?q=${encodeURIComponent(CARD)}` };

describe("a call that leaves the house", () => {
  test.each(["fetch", "post"])(
    "%s: a value in its arguments is replaced before it is judged",
    (tool) => {
      const { judged, logged } = judge("redact", tool, leak);
      expect(judged).toMatchObject({
        input: { url: "https://x.example/?q=[redacted]", amount: 1 },
      });
      expect(logged).toContain('"found":["cards"]');
      expect(logged).not.toContain("1111");
    },
  );

  test("is refused where the guardrail blocks, or where nothing is left of an argument", () => {
    for (const [mode, args] of [
      ["block", leak],
      ["redact", { url: "https://x.example", amount: 4111111111111111 }],
    ] as const) {
      const { judged } = judge(mode, "post", args);
      expect(judged).toMatchObject({ kind: "refuse" });
      expect(JSON.stringify(judged)).toContain("a card number, which stays here");
      expect(JSON.stringify(judged)).not.toContain("1111");
    }
  });

  test("is let go with its values, and noted or not, where the guardrail does no more", () => {
    for (const mode of ["observe", "disabled"] as const) {
      const { judged, logged } = judge(mode, "post", leak);
      expect(judged).toMatchObject({ kind: "ask", input: leak });
      expect(logged === "").toBe(mode === "disabled");
    }
  });
});

test("a call within the house keeps its values, and what cannot be judged is told as it is", () => {
  expect(judge("block", "write", leak).judged).toMatchObject({ kind: "run", input: leak });
  const nowhere = judge("block", "post", { url: "https://nowhere.example" }).judged;
  expect(nowhere).toEqual({ kind: "refuse", text: "There is no such place." });
});
