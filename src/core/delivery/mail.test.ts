import { expect, test } from "vitest";
import { messageIdOf, parseMailAddress } from "./mail.ts";

test.each([
  ["Ada.Lovelace+x@Example.COM", "Ada.Lovelace+x@example.com"],
  ["o'brien@a-b.example", "o'brien@a-b.example"],
  ["a@xn--bcher-kva.example", "a@xn--bcher-kva.example"],
])("%s is an address", (text, address) => {
  expect(parseMailAddress(text)).toBe(address);
});

test.each([
  "",
  "a",
  "@b.example",
  "a@b",
  "a@b.example\r\nBcc: c@d.example",
  "a@b.example\n",
  "a b@c.example",
  "a,b@c.example",
  "Ada <a@b.example>",
  '"a b"@c.example',
  "-f@b.example",
  "a..b@c.example",
  ".a@c.example",
  "a@b..example",
  "a@-b.example",
  "a@127.0.0.1",
  "a@[127.0.0.1]",
  "a%b@c.example",
  "c.example!a@b.example",
  "a@b@c.example",
  "ä@b.example",
  "a@b\u0435.example",
  `${"a".repeat(65)}@b.example`,
  `a@${"b.".repeat(130)}example`,
])("%j is none", (text) => {
  expect(parseMailAddress(text)).toBeUndefined();
});

test("a mail has one id wherever it goes", () => {
  expect(messageIdOf({ id: "mail_1" }, "bot@a.example")).toBe("<mail_1@a.example>");
});
