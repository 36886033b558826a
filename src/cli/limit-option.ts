import { InvalidArgumentError, Option } from "commander";

const DEFAULT_LIMIT = 20;

/** How many a list prints at most. */
export function limitOption(max: number): Option {
  return new Option("--limit <count>", `how many, at most ${max}`)
    .default(DEFAULT_LIMIT)
    .argParser((text) => parseLimit(text, max));
}

function parseLimit(text: string, max: number): number {
  const limit = Number(text);
  if (!/^\d+$/.test(text) || limit < 1 || limit > max) {
    throw new InvalidArgumentError(`Give a whole number from 1 to ${max}.`);
  }
  return limit;
}
