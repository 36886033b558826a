import { readFile } from "node:fs/promises";
import { z } from "zod";
import { AppError } from "../core/errors.ts";
import type { PriceTable } from "./prices.ts";

const usd = z.number().min(0).max(100_000);
const rates = { input: usd, output: usd, cachedInput: usd.optional(), cacheWrite: usd.optional() };
const fileShape = z.record(
  z.string().regex(/^(openai|anthropic|google|openai-compatible)\/.+$/),
  z.strictObject({
    ...rates,
    long: z.strictObject({ ...rates, above: z.number().int().positive() }).optional(),
  }),
);

/** The operator's own prices. @throws AppError `invalid_input` that says what is wrong with the file. */
export async function readPricesFile(path: string): Promise<PriceTable> {
  const problem = (what: string) =>
    new AppError("invalid_input", `The prices file ${path} ${what}`);
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw problem(`cannot be read (${error.code}). Mend AGENT_RUNTIME_PRICES_FILE or the file.`);
  });
  const parsed = fileShape.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  const where = first?.path.join(" → ");
  throw problem(
    `is not as it should be${where ? ` at ${where}` : ""}. Write {"provider/model": {"input": 2, "output": 10}}, in dollars for a million tokens.`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
