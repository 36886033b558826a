// Writes what the docs take from the code: .env.example, docs/configuration.md and the generated blocks of other
// pages; and checks the variables, paths and tests that pages name. With --check it writes nothing and fails with a list
// of what differs.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findUnknownVariables } from "./docs/check-names.ts";
import { findMissingPaths } from "./docs/check-paths.ts";
import { findBrokenPromises } from "./docs/check-promises.ts";
import { renderConfigurationPage, renderEnvExample } from "./docs/configuration-page.ts";
import { BLOCKS, fillBlocks } from "./docs/generated-blocks.ts";

const PROMISES = "docs/promises.md";
const ROOT = fileURLToPath(new URL("../", import.meta.url));
const isCheck = process.argv.includes("--check");
const problems: string[] = [];

bring(".env.example", renderEnvExample());
bring("docs/configuration.md", renderConfigurationPage());

const blocksOf = new Map<string, readonly string[]>();
for (const page of listPages()) {
  const { text, blocks } = fillBlocks(read(page));
  bring(page, text);
  blocksOf.set(page, blocks);
  for (const name of blocks.filter((block) => !(block in BLOCKS))) {
    problems.push(
      `${page}: there is no generated block "${name}". There are: ${Object.keys(BLOCKS).join(", ")}.`,
    );
  }
  for (const name of findUnknownVariables(text)) {
    problems.push(`${page}: ${name} is not a variable. docs/configuration.md lists what there is.`);
  }
  for (const path of findMissingPaths(text, (path) => existsSync(join(ROOT, path)))) {
    problems.push(`${page}: there is no ${path}.`);
  }
}
for (const problem of findBrokenPromises(read(PROMISES), read)) {
  problems.push(`${PROMISES}: ${problem}`);
}
for (const [name, { page }] of Object.entries(BLOCKS)) {
  if (!blocksOf.get(page)?.includes(name)) {
    problems.push(
      `${page}: needs the lines "<!-- generated:${name} -->" and "<!-- /generated -->".`,
    );
  }
}

if (problems.length > 0) {
  console.error(["The docs do not match the code:", ...problems].join("\n  - "));
  process.exitCode = 1;
}

/** README and other pages of the root, and every page under docs/. */
function listPages(): string[] {
  const inRoot = readdirSync(ROOT).filter((name) => name.endsWith(".md"));
  const inDocs = readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`);
  return [...inRoot, ...inDocs].sort();
}

function read(path: string): string {
  const file = join(ROOT, path);
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

function bring(path: string, text: string): void {
  if (read(path) === text) return;
  if (isCheck) problems.push(`${path}: is not up to date. Run: npm run docs:generate`);
  else writeFileSync(join(ROOT, path), text);
}
