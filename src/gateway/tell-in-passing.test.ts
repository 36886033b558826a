import { expect, it } from "vitest";
import { doc, p } from "../core/rich-text/build.ts";
import { inPassing, outdated } from "./tell-in-passing.ts";

const TASK = "task_1m7z9bbevpe7e26dhpne";

function told(text: string): string {
  const refused = { rule: "r", outcome: "answered", reason: "conflict" } as const;
  return inPassing({ ...refused, reply: doc(p(text)) }).toldPresser ?? "";
}

it("what fits the window is told whole", () => {
  expect(told("x".repeat(200))).toBe("x".repeat(200));
  const card = doc(p("a"), p("Its sender edited the message."));
  expect(outdated(card).toldPresser).toBe("This has changed since. Its sender edited the message.");
});

it("what does not is cut at a word, and never within a command", () => {
  const command = `/route ${TASK} same v2`;
  for (let filled = 0; filled < 260; filled += 1) {
    const before = "so it is, ".repeat(26).slice(0, filled).trim();
    const whole = `${before} Send ${command}. ${"That is all. ".repeat(20)}`.trim();
    const said = told(whole);
    expect(said.length).toBeLessThanOrEqual(200);
    const kept = said.replace(/…$/u, "");
    expect(whole.startsWith(kept)).toBe(true);
    expect(whole.slice(kept.length)).toMatch(/^[\s.,]/u);
    if (said.includes("/")) expect(said).toContain(command);
  }
});

it("a long word at the end, which may be half a secret, is not begun", () => {
  expect(told(`The key: ${"k".repeat(300)}`)).toBe("The key:…");
});
