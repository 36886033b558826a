import { expect, test } from "vitest";
import { hostsAndPorts } from "./kinds.ts";

test.each([
  ["Wiki.lan:8080, [::1]:1 ,localhost", ["wiki.lan:8080", "[::1]:1", "localhost"]],
  ["", []],
])("hosts with and without a port are read from %j", (text, hosts) => {
  expect(hostsAndPorts.schema.parse(text)).toEqual(hosts);
});

test.each(["http://a", "a:0", "a:65536", "a:", ":80", "a/b", "user@a", "*", "a b"])(
  "%j is no list of hosts",
  (text) => {
    expect(hostsAndPorts.schema.safeParse(text).success).toBe(false);
  },
);
