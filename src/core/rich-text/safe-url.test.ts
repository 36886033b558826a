import { expect, test } from "vitest";
import { isSafeUrl } from "./safe-url.ts";

test.each([
  "https://a.b",
  "HTTP://a.b/c?d=e&f#g",
  "mailto:a@b.c",
  "tel:+491234",
  "tg://resolve?domain=x",
])("%s may be a link", (url) => {
  expect(isSafeUrl(url)).toBe(true);
});

test.each([
  "",
  "https://",
  "javascript:alert(1)",
  "data:text/html,x",
  "file:///etc/passwd",
  "/path",
  "//host",
  " https://a.b",
  "https://a.b\nx",
  'https://a.b"onclick',
  "https://a.b<c",
  "https://a.b\ud800",
  "https://a.b\u202egpj",
])("%j may not", (url) => {
  expect(isSafeUrl(url)).toBe(false);
});
