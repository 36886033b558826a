import { tmpdir } from "node:os";
import { expect, it } from "vitest";
import { listSettings } from "./config.ts";
import { loadConfig } from "./load-config.ts";
import { maskConfig } from "./mask-config.ts";

const rows = maskConfig(
  loadConfig({
    cwd: tmpdir(),
    env: {
      AGENT_RUNTIME_TELEGRAM_TOKEN: "123456:canary",
      AGENT_RUNTIME_ALLOWED_HOSTS: "A.example, b.example",
    },
    flags: { port: "9" },
  }),
);

function row(name: string): object | undefined {
  return rows.find((candidate) => candidate.name === `AGENT_RUNTIME_${name}`);
}

it("shows every variable with its value and source", () => {
  expect(rows).toHaveLength(listSettings().length);
  expect(row("HTTP_ADDR")).toMatchObject({ value: "127.0.0.1:9", source: "flag" });
  expect(row("ALLOWED_HOSTS")).toMatchObject({
    value: "a.example,b.example",
    source: "environment",
  });
  expect(row("ALLOW_REMOTE")).toMatchObject({ value: "false", source: "default" });
});

it("says of a secret only whether it is set", () => {
  expect(row("TELEGRAM_TOKEN")).toMatchObject({ value: "(set)" });
  expect(row("ADMIN_TOKEN")).toMatchObject({ value: "(not set)" });
  expect(JSON.stringify(rows)).not.toContain("canary");
});
