import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { findUnknownVariables } from "../../scripts/docs/check-names.ts";
import {
  renderConfigurationPage,
  renderEnvExample,
} from "../../scripts/docs/configuration-page.ts";
import { fillBlocks } from "../../scripts/docs/generated-blocks.ts";
import { listSettings } from "../../src/config/config.ts";
import { parseEnvFile } from "../../src/config/parse-env-file.ts";
import { ERROR_POLICY } from "../../src/core/errors.ts";
import { ROOT } from "./source-files.ts";

it("docs/api.md lists exactly the error codes of the table", () => {
  const page = readFileSync(join(ROOT, "docs/api.md"), "utf8");
  const [block = ""] = /<!-- generated:errors -->[\s\S]*?<!-- \/generated -->/.exec(page) ?? [];
  const codes = [...block.matchAll(/^\| `(\w+)`/gm)].map(([, code]) => code);
  expect(codes).toEqual(Object.keys(ERROR_POLICY));
});

it("a block that is out of date is replaced, and an unknown one is reported and kept", () => {
  const page =
    "a\n<!-- generated:errors -->\nwhat was here\n<!-- /generated -->\n<!-- generated:no -->\nkept\n<!-- /generated -->\n";
  const { text, blocks } = fillBlocks(page);
  expect(blocks).toEqual(["errors", "no"]);
  expect(text).toContain("| `not_found` | 404 |");
  expect(text).not.toContain("what was here");
  expect(text).toContain("kept");
  expect(fillBlocks(text).text).toBe(text);
});

it("every variable is on the page and in .env.example", () => {
  const lines = renderEnvExample().replaceAll("# AGENT", "AGENT");
  const { values, problems } = parseEnvFile(lines);
  const names = listSettings().map(({ variable }) => variable);
  expect(problems).toEqual([]);
  expect([...values.keys()]).toEqual(names);
  expect(names.filter((name) => !renderConfigurationPage().includes(`\`${name}\``))).toEqual([]);
});

it("a variable that nobody reads is found", () => {
  expect(
    findUnknownVariables("AGENT_RUNTIME_DATA_DIR, AGENT_RUNTIME_DATA_DIRS, AGENT_RUNTIME_TEST_X"),
  ).toEqual(["AGENT_RUNTIME_DATA_DIRS"]);
});
