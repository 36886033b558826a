import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  cruise,
  type ICruiseOptions,
  type ICruiseResult,
  type IFlattenedRuleSet,
} from "dependency-cruiser";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT, readSourceFiles } from "./source-files.ts";

type LayerConfig = IFlattenedRuleSet & { readonly options: ICruiseOptions };
const configFile = new URL("../../.dependency-cruiser.mjs", import.meta.url).href;
const { default: config } = (await import(configFile)) as { default: LayerConfig };

async function checkLayers(baseDir: string): Promise<ICruiseResult> {
  const { output } = await cruise(["src"], {
    ...config.options,
    tsConfig: { fileName: join(ROOT, "tsconfig.json") },
    baseDir,
    ruleSet: config,
    validate: true,
  });
  return output as ICruiseResult;
}

describe("the layer check", () => {
  it("sees every file and finds nothing", async () => {
    const { modules, summary } = await checkLayers(ROOT);
    const seen = new Set(modules.map(({ source }) => source));
    const files = readSourceFiles("src").map(({ path }) => path);
    expect(files.filter((path) => !seen.has(path))).toEqual([]);
    expect(summary.violations.map(({ from, to, rule }) => `${rule.name}: ${from} → ${to}`)).toEqual(
      [],
    );
  });
});

describe("the layer check of a planted import", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "agent-runtime-layers-"));
    cpSync(join(ROOT, "package.json"), join(folder, "package.json"));
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function check(from: string, to: string, statement: string): Promise<string[]> {
    rmSync(join(folder, "src"), { recursive: true, force: true });
    for (const [path, text] of [
      [to, "export interface Planted { readonly id: string }\nexport const planted = 1;\n"],
      [from, `${statement}\n`],
    ] as const) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const { violations } = (await checkLayers(folder)).summary;
    return violations.map(({ rule }) => rule.name);
  }

  const value = (path: string): string =>
    `import { planted } from "${path}"; export const it = planted;`;
  const type = (path: string): string =>
    `import type { Planted } from "${path}"; export type It = Planted;`;

  it.each([
    ["src/gateway/a.ts", "src/delivery/b.ts", value("../delivery/b.ts")],
    ["src/gateway/a.ts", "src/delivery/b.ts", type("../delivery/b.ts")],
    ["src/agent/a.ts", "src/config/b.ts", value("../config/b.ts")],
    ["src/connectors/a.ts", "src/operations/b.ts", value("../operations/b.ts")],
    ["src/store/a.ts", "src/orchestrator/b.ts", value("../orchestrator/b.ts")],
    ["src/core/a.ts", "src/store/b.ts", type("../store/b.ts")],
    ["src/app/a.ts", "src/client/b.ts", value("../client/b.ts")],
  ])("from %s to %s is red: %s", async (from, to, statement) => {
    expect(await check(from, to, statement)).toEqual(["not-in-allowed"]);
  });

  it.each([
    ["src/agent/a.ts", "src/config/b.ts", type("../config/b.ts")],
    ["src/http-api/a.ts", "src/client/b.ts", value("../client/b.ts")],
    ["src/orchestrator/a.ts", "src/store/b.ts", value("../store/b.ts")],
  ])("from %s to %s is green: %s", async (from, to, statement) => {
    expect(await check(from, to, statement)).toEqual([]);
  });

  it.each([
    [
      "chat-sdks-stay-in-connectors",
      "src/gateway/a.ts",
      'import { Api } from "grammy"; export const it = Api;',
    ],
    [
      "sql-stays-in-store",
      "src/operations/a.ts",
      'import type { Kysely } from "kysely"; export type It = Kysely<object>;',
    ],
    [
      "hono-stays-in-http-api",
      "src/app/a.ts",
      'import { Hono } from "hono"; export const it = Hono;',
    ],
    ["core-has-no-packages", "src/core/a.ts", 'import pino from "pino"; export const it = pino;'],
    [
      "core-does-no-io",
      "src/core/a.ts",
      'import { readFileSync } from "node:fs"; export const it = readFileSync;',
    ],
    ["no-test-code-in-production", "src/core/a.ts", value("./b.test.ts")],
  ])("is red by the rule %s", async (rule, from, statement) => {
    expect(await check(from, "src/core/b.test.ts", statement)).toContain(rule);
  });

  it("is red for a cycle", async () => {
    rmSync(join(folder, "src"), { recursive: true, force: true });
    mkdirSync(join(folder, "src/core"), { recursive: true });
    writeFileSync(join(folder, "src/core/a.ts"), type("./b.ts"));
    writeFileSync(
      join(folder, "src/core/b.ts"),
      'import type { It } from "./a.ts"; export type Planted = It;',
    );
    const { violations } = (await checkLayers(folder)).summary;
    expect(violations.map(({ rule }) => rule.name)).toContain("no-cycles");
  });
});
