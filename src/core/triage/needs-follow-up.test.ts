import { expect, it } from "vitest";
import { cpuMsOf } from "../../../test/support/cpu-ms.ts";
import { needsFollowUp } from "./needs-follow-up.ts";

it.each([
  "can you remind us tomorrow?",
  "could you check the latest prices?",
  "how do I verify that example.org is up?",
  "can somebody check https://x.example/a?",
  "what comes in 10 minutes?",
])("“%s” needs more than an answer", (text) => {
  expect(needsFollowUp(text)).toBe(true);
});

it.each([
  "how are you?",
  "where can I find Ann?",
  "what is a soundtrack?",
  "is example.org yours?",
  "why today?",
  "can you e.g. check it?",
])("“%s” does not", (text) => {
  expect(needsFollowUp(text)).toBe(false);
});

it("takes no longer for a huge text", () => {
  const tookMs = cpuMsOf(() => {
    for (const text of ["a.".repeat(60_000), "in 1 ".repeat(30_000), "x".repeat(120_000)]) {
      needsFollowUp(text);
    }
  });
  expect(tookMs).toBeLessThan(1_000);
});
