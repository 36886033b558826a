import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { listSettings } from "./config.ts";
import { listSecrets } from "./list-secrets.ts";
import { loadConfig } from "./load-config.ts";

test("knows every setting that is a secret, and a vendor's key that was found elsewhere", () => {
  const secrets = listSettings().filter(({ setting }) => setting.kind.secret === true);
  const ours = Object.fromEntries(
    secrets
      .filter(({ setting }) => setting.name !== "LLM_API_KEY")
      .map(({ variable }, index) => [variable, `canary-of-a-secret-that-is-long-enough-${index}`]),
  );
  const env = {
    ...ours,
    AGENT_RUNTIME_LLM_PROVIDER: "anthropic",
    ANTHROPIC_API_KEY: "canary-of-a-vendor",
  };
  const known = listSecrets(loadConfig({ env, cwd: tmpdir() }));
  expect(Object.keys(ours).length).toBeGreaterThan(2);
  expect(known).toEqual(expect.arrayContaining([...Object.values(ours), "canary-of-a-vendor"]));
});

test("knows none where none is set", () => {
  expect(listSecrets(loadConfig({ env: {}, cwd: tmpdir() }))).toEqual([]);
});
