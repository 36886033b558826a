import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatAddress, localUrl } from "../core/listen-address.ts";
import { parseHttpAddress } from "./http-address.ts";

describe("parseHttpAddress", () => {
  it.each([
    ["8080", "127.0.0.1", 8080],
    [":8080", "127.0.0.1", 8080],
    ["localhost:0", "localhost", 0],
    ["[::1]:8080", "::1", 8080],
    ["0.0.0.0:65535", "0.0.0.0", 65_535],
    ["my-host.example:1", "my-host.example", 1],
  ])("reads %j", (text, host, port) => {
    expect(parseHttpAddress(text)).toEqual({ host, port });
  });

  it.each([
    "",
    "localhost",
    "a:b",
    ":65536",
    "::1:80",
    "[::1]",
    "[localhost]:80",
    "*:80",
    "http://a:80",
    "a b:1",
    "-a:1",
    "a:-1",
  ])("refuses %j", (text) => {
    expect(() => parseHttpAddress(text)).toThrow(
      expect.objectContaining({ code: "invalid_input" }),
    );
  });

  it("reads back what it writes", () => {
    const host = fc.oneof(
      fc.ipV4(),
      fc.ipV6().filter((ip) => !ip.includes(".")),
      fc.domain(),
    );
    fc.assert(
      fc.property(host, fc.integer({ min: 0, max: 65_535 }), (name, port) => {
        expect(parseHttpAddress(formatAddress({ host: name, port }))).toEqual({
          host: name,
          port,
        });
      }),
    );
  });
});

describe("localUrl", () => {
  it("turns every interface into loopback", () => {
    expect(localUrl({ host: "0.0.0.0", port: 1 })).toBe("http://127.0.0.1:1");
    expect(localUrl({ host: "::", port: 1 })).toBe("http://[::1]:1");
    expect(localUrl({ host: "localhost", port: 1 })).toBe("http://localhost:1");
  });
});
