import { expect, test } from "vitest";
import { createRedactor, MASK } from "./redact.ts";

const TOKEN = "7123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw_";
const OWN = "canary/of a key";
const { hideKnown } = createRedactor([TOKEN, OWN]);

test.each([
  ["as it is", TOKEN],
  ["by its secret half", TOKEN.replace(/^\d+:/, "")],
  ["percent-encoded", encodeURIComponent(OWN)],
  ["with invisible signs in it", [...OWN].join("\u200b")],
])("a secret of this process is hidden %s", (_how, secret) => {
  expect(hideKnown(`a ${secret} b`)).toBe(`a ${MASK} b`);
});

test.each([
  "sk-proj-abcdefghijklmnop1234",
  "Bearer abcdefghijklmnop",
  "https://x.example/?key=1234567",
])("what only looks like one stays: %s", (text) => {
  expect(hideKnown(text)).toBe(text);
  expect(createRedactor([]).hideKnown(text)).toBe(text);
});

test("masks a secret however long it is, and however many there are", () => {
  const long = Array.from({ length: 9_000 }, (_, n) => `k${n}`).join("/");
  const many = Array.from({ length: 500 }, (_, n) => `canary-${n}-of-many-secrets`);
  const redactor = createRedactor([long, ...many]);
  expect(redactor.redact(`a ${long} b ${many.join(" ")} c`)).toMatch(
    /^a (?:\[redacted\])+ b (?:\[redacted\] )+c$/u,
  );
  expect(redactor.hideKnown(JSON.stringify({ long }))).toMatch(/^\{"long":"(?:\[redacted\])+"\}$/u);
  expect(redactor.suspects(`x${long}`)).toBe(true);
  expect(redactor.suspects("nothing of it")).toBe(false);
});
