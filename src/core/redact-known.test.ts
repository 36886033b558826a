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
