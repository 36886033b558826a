import { shorten } from "../core/shorten.ts";

const LINE_LENGTH = 120;
const MOST_CHARACTERS = 2_500;

/** A summary by fixed rules: the beginning of everything that was said, the newest kept. What stood in the one before goes first. */
export function summariseOffline(text: string): string {
  const lines = text
    .split("\n")
    .filter((line) => line.startsWith("- "))
    .map((line) => `- ${shorten(line.slice(2).trim(), LINE_LENGTH)}`);
  let characters = 0;
  const kept = lines.toReversed().filter((line) => {
    characters += line.length + 1;
    return characters <= MOST_CHARACTERS;
  });
  return kept.length === 0 ? "- Nothing was said." : kept.toReversed().join("\n");
}
