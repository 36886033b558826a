import { type Config, listSettings } from "./config.ts";
import { nearestName } from "./nearest-name.ts";
import { PREFIX } from "./settings.ts";

/** Ours, for the tests; nothing in the program reads them. */
const TEST_PREFIX = `${PREFIX}TEST_`;
const SHORT_TOKEN = 16;

/** What works but is hardly meant: names that nobody reads, a key that is easily guessed. */
export function findWarnings(
  names: Iterable<string>,
  adminToken: Config["http"]["adminToken"],
): readonly string[] {
  const warnings = [...new Set(names)].filter(isUnknown).sort().map(describeUnknown);
  if (adminToken !== undefined && adminToken.length < SHORT_TOKEN) {
    warnings.push(
      `${PREFIX}ADMIN_TOKEN is short and may be guessed. Use ${SHORT_TOKEN} random characters or more.`,
    );
  }
  return warnings;
}

const KNOWN = listSettings().map(({ variable }) => variable);

function isUnknown(name: string): boolean {
  const upper = name.toUpperCase();
  return upper.startsWith(PREFIX) && !upper.startsWith(TEST_PREFIX) && !KNOWN.includes(name);
}

function describeUnknown(name: string): string {
  const nearest = nearestName(
    name.toUpperCase().slice(PREFIX.length),
    KNOWN.map((known) => known.slice(PREFIX.length)),
  );
  const hint = nearest
    ? `Did you mean ${PREFIX}${nearest}?`
    : "docs/configuration.md lists what there is.";
  return `${name} is not a setting and has no effect. ${hint}`;
}
