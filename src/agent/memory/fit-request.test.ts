import type { ModelMessage } from "ai";
import fc from "fast-check";
import { expect, test } from "vitest";
import { estimateTokens } from "../../llm/estimate-tokens.ts";
import type { Exchange } from "./exchange.ts";
import { fitRequest, type RequestToFit, tokensOf } from "./fit-request.ts";

const BUDGET = 12_000;
const RULE = "  1. Always answer in German.";
const PREFACE: ModelMessage = { role: "user", content: "What was said before: tea." };

function bring(some: Partial<RequestToFit>) {
  const request = {
    instructions: RULE,
    tools: [],
    preface: [PREFACE],
    history: [],
    exchanges: [],
    budgetTokens: BUDGET,
    ...some,
  };
  return fitRequest(request);
}

/** Texts that cost more or less than their length: escapes, other scripts, pictures of one character. */
const anyText = fc
  .tuple(
    fc.constantFrom("x", "ä", "日", "😀", "\u0001", '"', "\n", "\ud83d", "word "),
    fc.integer({ min: 0, max: 60_000 }),
  )
  .map(([unit, length]) => unit.repeat(length));
const anyMessage: fc.Arbitrary<ModelMessage> = fc
  .tuple(fc.constantFrom("user" as const, "assistant" as const), anyText)
  .map(([role, content]) => ({ role, content }));
const anyParts: fc.Arbitrary<ModelMessage> = fc.tuple(anyText, anyText).map(([about, text]) => ({
  role: "user",
  content: [
    { type: "text", text: about },
    { type: "text", text },
  ],
}));
const anyExchange: fc.Arbitrary<Exchange> = fc
  .tuple(anyText, fc.array(anyText, { minLength: 1, maxLength: 6 }))
  .map(([argument, texts]) => ({
    asked: [
      {
        role: "assistant",
        content: texts.map((_text, index) => ({
          type: "tool-call" as const,
          toolCallId: `call-${index}`,
          toolName: "read_file",
          input: { argument },
        })),
      },
    ],
    answers: texts.map((text, index) => ({
      stepId: `step_${index}`,
      callId: `call-${index}`,
      tool: "read_file",
      text,
      isFailure: false,
    })),
  }));

const idsOf = (message: ModelMessage | undefined, type: "tool-call" | "tool-result") =>
  Array.isArray(message?.content)
    ? message.content.flatMap((part) => (part.type === type ? [part.toolCallId] : []))
    : [];

test("any history comes under the budget, its rules and its summary in it, in order, no call without its result", () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(anyMessage, anyParts), { maxLength: 12 }),
      fc.oneof(anyMessage, anyParts),
      fc.array(anyExchange, { maxLength: 6 }),
      (past, answered, exchanges) => {
        const { instructions, messages } = bring({ history: [...past, answered], exchanges });
        expect(estimateTokens(instructions) + tokensOf(messages)).toBeLessThanOrEqual(BUDGET);
        expect(instructions.startsWith(RULE)).toBe(true);
        expect(messages[0]).toEqual(PREFACE);

        const firstCall = messages.findIndex((one) => idsOf(one, "tool-call").length > 0);
        const said = messages.slice(1, firstCall < 0 ? undefined : firstCall);
        const expected = [...past, answered].slice(-said.length);
        expect(said.map(({ role }) => role)).toEqual(expected.map(({ role }) => role));
        const done = firstCall < 0 ? [] : messages.slice(firstCall);
        expect(done.length % 2).toBe(0);
        for (let at = 0; at < done.length; at += 2) {
          expect(idsOf(done[at], "tool-call")).toEqual(idsOf(done[at + 1], "tool-result"));
        }
      },
    ),
    { numRuns: 60 },
  );
});

const said = (text: string): ModelMessage => ({ role: "user", content: text });
const read = (text: string, n = 1): Exchange => ({
  asked: [
    {
      role: "assistant",
      content: [{ type: "tool-call", toolCallId: `c${n}`, toolName: "read_file", input: {} }],
    },
  ],
  answers: [{ stepId: `step_${n}`, callId: `c${n}`, tool: "read_file", text, isFailure: false }],
});

test("what fits is told as it is, and nothing is announced", () => {
  const history = [said("one"), said("two")];
  expect(bring({ history })).toEqual({ instructions: RULE, messages: [PREFACE, ...history] });
});

test("the newest is kept without a gap, and that something is missing is said", () => {
  const history = [
    said("small"),
    ...Array.from({ length: 12 }, (_, n) => said(`${n}${"x".repeat(5_000)}`)),
  ];
  const { instructions, messages } = bring({ history });
  expect(messages.slice(1)).toEqual(history.slice(-(messages.length - 1)));
  expect(instructions).toContain(`messages from before: ${history.length - messages.length + 1}.`);
});

test("rounds that have no room leave from the oldest on, and how many have left is said", () => {
  const exchanges = Array.from({ length: 200 }, (_, n) => read("z".repeat(500), n));
  const { instructions, messages } = bring({ history: [said("read them")], exchanges });
  const kept = (messages.length - 2) / 2;
  expect(kept).toBeGreaterThan(0);
  expect(kept).toBeLessThan(exchanges.length);
  expect(idsOf(messages.at(-1), "tool-result")).toEqual(["c199"]);
  expect(instructions).toContain(
    `rounds of tool calls and what they brought: ${exchanges.length - kept}.`,
  );
});

test("a long result is told by its first page, older results make room for newer ones", () => {
  const one = bring({ history: [said("read it")], exchanges: [read("y".repeat(100_000))] });
  const page = JSON.stringify(one.messages.at(-1));
  expect(page).toContain("characters 0 to 8000 of 100000");
  expect(page).toContain("read_more with step");

  const exchanges = Array.from({ length: 10 }, (_, n) => read(`${n}`.repeat(8_000), n));
  const many = JSON.stringify(bring({ history: [said("read them")], exchanges }).messages);
  expect(many.includes("9".repeat(8_000))).toBe(true);
  expect(many.includes("0".repeat(8_000))).toBe(false);
  expect(many.includes("Left out to make room: 8000 characters. read_more")).toBe(true);
});

test("an earlier message is cut without half a secret at its end", () => {
  const secret = `ark_${"k3v9qd7m".repeat(2_000)}`;
  const content = `word ${"x ".repeat(100)}${secret}`;
  const { messages } = bring({ history: [{ role: "user", content }, PREFACE] });
  const told = JSON.stringify(messages);
  expect(told).toContain("The rest is left out here");
  expect(told).not.toContain("ark_");
});
