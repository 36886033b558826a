import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ConfigError } from "./config-error.ts";
import { loadConfig } from "./load-config.ts";

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "agent-runtime-mail-"));
});
afterEach(() => rmSync(cwd, { recursive: true }));

const load = (mail: Readonly<Record<string, string>>) =>
  loadConfig({
    cwd,
    env: Object.fromEntries(
      Object.entries(mail).map(([name, value]) => [`AGENT_RUNTIME_SMTP_${name}`, value]),
    ),
  });
const LOGIN = { USERNAME: "bot", PASSWORD: "a b c" };

test.each([
  [{ HOST: "mail.example" }, /SMTP_HOST needs AGENT_RUNTIME_SMTP_FROM/],
  [{ USERNAME: "bot" }, /SMTP_USERNAME needs AGENT_RUNTIME_SMTP_PASSWORD/],
  [{ FROM: "Bot <bot@a.example>" }, /Write a plain mail address/],
  [{ SECURITY: "ssl" }, /Write one of starttls, tls, none/],
  [{ HOST: "mail.example:587" }, /without a port/],
])("refuses %o", (mail, problem) => {
  const loading = () => load(mail as unknown as Record<string, string>);
  expect(loading).toThrow(ConfigError);
  try {
    loading();
  } catch (error) {
    expect((error as ConfigError).problems.join(" ")).toMatch(problem);
  }
});

test("takes a password with spaces, and does not show it", () => {
  const { mail, warnings } = load({ HOST: "Mail.example", FROM: "bot@A.example", ...LOGIN });
  expect(mail).toMatchObject({ host: "mail.example", from: "bot@a.example", password: "a b c" });
  expect(warnings).toEqual([]);
});

test.each([
  ["a password that nobody logs in with", { PASSWORD: "x y" }],
  ["an address from which nothing is sent", { FROM: "bot@a.example" }],
])("warns of %s", (_what, mail) => {
  expect(load(mail).warnings).toEqual([expect.stringContaining("has no effect")]);
});

test.each([
  ["mail.example", 1],
  ["127.0.0.1", 0],
  ["::1", 0],
])("warns of a password that goes bare to %s: %i", (HOST, count) => {
  const { warnings } = load({ HOST, FROM: "bot@a.example", SECURITY: "none", ...LOGIN });
  expect(warnings).toHaveLength(count);
  expect(warnings.join()).not.toContain("a b c");
});
