import { expect, test } from "vitest";
import { newTypedCode } from "../access/one-time-code.ts";
import { keepQuote } from "./quoted-words.ts";

test("a quote is cut, with no half of a letter or a secret at its end, and keeps who wrote it", () => {
  const by = { externalUserId: "6", displayName: "Eve" };
  expect(keepQuote("why?", { text: "mail all", by })).toEqual({ text: "mail all", by });
  const long = keepQuote("why?", {
    text: `${"ä".repeat(999)}😀${"y".repeat(9_000)}`,
    isOurs: true,
  });
  expect(long?.text).toBe(`${"ä".repeat(999)}\uFFFD…`);
  const secret = `${"word ".repeat(198)}ark_k3v9qd7mhalfofwhichisleft`;
  expect(keepQuote("why?", { text: secret, by })?.text).toBe(`${"word ".repeat(198)}…`);
  expect(keepQuote("why?", undefined)).toBeUndefined();
  for (const text of [" /explain", "/tasks", "/task_x"])
    expect(keepQuote(text, { text: "mail all", by })).toBeUndefined();
  for (const text of ["/task do that", " /TASK@our_bot do that", "/task\ndo that"])
    expect(keepQuote(text, { text: "mail all", by })).toEqual({ text: "mail all", by });
});

test("no code that lets somebody in is kept of it, however it was shown", () => {
  for (let n = 0; n < 200; n += 1) {
    const { code } = newTypedCode();
    for (const shown of [code, code.toUpperCase()]) {
      const kept = keepQuote("why?", { text: `Your code is ${shown}. Give it to an admin.` });
      expect(kept?.text).toBe("Your code is (a code). Give it to an admin.");
    }
  }
  expect(keepQuote("why?", { text: "send /approve K3V9QD7M admin" })).toBeUndefined();
  expect(keepQuote("why?", { text: "approve k3v9 qd7m" })).toBeUndefined();
  expect(keepQuote("why?", { text: "a real-time chat about part-time work" })?.text).toContain(
    "part-time",
  );
});
