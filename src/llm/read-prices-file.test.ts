import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { costMicroUsd, createPrices } from "./prices.ts";
import { readPricesFile } from "./read-prices-file.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "agent-runtime-prices-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function read(text: string) {
  const file = join(folder, "prices.json");
  writeFileSync(file, text);
  return readPricesFile(file);
}
const price = (more: object) => JSON.stringify({ "openai/new": { input: 1, output: 2, ...more } });

test("what the file says goes before the built-in prices, and the rest of these stays", async () => {
  const own = await read(
    '{"openai/gpt-6-sol": {"input": 7, "output": 9}, "openai/new": {"input": 0, "output": 0}}',
  );
  const prices = createPrices(own);
  const find = (model: string) => prices.find({ provider: "openai", model });
  expect(find("gpt-6-sol").price).toEqual({ input: 7, output: 9 });
  expect(find("gpt-6-sol-2026-09-01").price).toEqual({ input: 7, output: 9 });
  expect(find("new")).toEqual({ price: { input: 0, output: 0 }, isListed: true });
  expect(find("gpt-6-luna").price.input).toBe(0.1);
});

test("a model that nobody listed costs its provider's dearest, the file's prices among them", async () => {
  const prices = createPrices(await read(price({ input: 5_000 })));
  const found = prices.find({ provider: "openai", model: "gpt-from-the-future" });
  expect(found.isListed).toBe(false);
  expect(found.price.input).toBe(5_000);
  const tokens = { cachedInputTokens: 9, cacheWriteTokens: 0, inputTokens: 10, outputTokens: 0 };
  expect(costMicroUsd(found.price, tokens)).toBe(50_000);
});

test.each([
  ["nothing", ""],
  ["no JSON", "{prices}"],
  ["a list", "[]"],
  ["null", "null"],
  ["a provider nobody knows", '{"acme/x": {"input": 1, "output": 1}}'],
  ["no model", '{"openai/": {"input": 1, "output": 1}}'],
  ["the offline model", '{"offline": {"input": 1, "output": 1}}'],
  ["a price as text", '{"openai/new": {"input": "1", "output": 1}}'],
  ["no output", '{"openai/new": {"input": 1}}'],
  ["a negative price", price({ input: -1 })],
  ["a price beyond all sense", price({ output: 1e9 })],
  ["a misspelt name", price({ cached_input: 1 })],
  ["a bound of long calls that is none", price({ long: { input: 1, output: 1, above: 0 } })],
])("a file that holds %s is refused with how to write it", async (_what, text) => {
  await expect(read(text)).rejects.toMatchObject({
    code: "invalid_input",
    message: expect.stringMatching(/^The prices file .*prices\.json is not as it should be/),
  });
});

test.each([
  ["is not there", (path: string) => join(path, "none.json"), "ENOENT"],
  ["is a folder", (path: string) => path, "EISDIR"],
])("a file that %s is refused with the setting to mend", async (_what, pathIn, code) => {
  await expect(readPricesFile(pathIn(folder))).rejects.toMatchObject({
    code: "invalid_input",
    message: expect.stringMatching(new RegExp(`${code}.*AGENT_RUNTIME_PRICES_FILE`)),
  });
});
