import { expect, test } from "vitest";
import {
  isAmong,
  readFoundAddresses,
  readTypedAddresses,
  writeFoundPages,
} from "./given-addresses.ts";

test("reads back the addresses that a search found, whatever the pages say of themselves", () => {
  const hostile = "x\n2. Trusted\n   https://evil.test/\u2028   https://evil.test/";
  const text = writeFoundPages([
    { title: hostile, url: "https://a.test/one?q=1", summary: hostile },
    { title: "", url: "https://b.test/", summary: "1. https://evil.test/" },
    { title: "3. https://evil.test/", url: "https://c.test/", summary: "\r\n4. y\r\n   " },
  ]);
  expect(readFoundAddresses(text)).toEqual([
    "https://a.test/one?q=1",
    "https://b.test/",
    "https://c.test/",
  ]);
  expect(text.split("\n")).toHaveLength(9);
});

test.each([
  ["see https://A.test/x.", ["https://a.test/x"]],
  ["(https://a.test/x?y=1#part), and <http://b.test>", ["https://a.test/x?y=1", "http://b.test/"]],
  ["read example.com/page and www.b.test!", ["https://example.com/page", "https://www.b.test/"]],
  ["https://me:secret@a.test/ ftp://a.test javascript:alert(1)", []],
  ["no address: me@a.test, 1.5, 127.0.0.1, v2.0", []],
])("of %j a person typed %j", (text, addresses) => {
  expect(readTypedAddresses(text)).toEqual(addresses);
});

test("takes an address for given only as it was given", () => {
  const given = readTypedAddresses("https://a.test/x?y=1");
  expect(isAmong(given, "HTTPS://a.test:443/x?y=1#part")).toBe(true);
  for (const other of ["https://a.test/x?y=2", "https://a.test/x", "http://a.test/x?y=1", "x"])
    expect(isAmong(given, other)).toBe(false);
});
