import { type Config, listSettings } from "./config.ts";
import { nearestName } from "./nearest-name.ts";
import { PREFIX } from "./setting.ts";

/** Ours, for the tests; nothing in the program reads them. */
const TEST_PREFIX = `${PREFIX}TEST_`;
const SHORT_TOKEN = 16;

/** Names that are meant for us but that nobody reads, one sentence each. */
export function findUnknownNames(names: Iterable<string>): readonly string[] {
  return [...new Set(names)].filter(isUnknown).sort().map(describeUnknown);
}

/** Values that work but are hardly meant: a key that is easily guessed. */
export function findWeakValues(adminToken: Config["http"]["adminToken"]): readonly string[] {
  if (adminToken === undefined || adminToken.length >= SHORT_TOKEN) return [];
  return [
    `${PREFIX}ADMIN_TOKEN is short and may be guessed. Use ${SHORT_TOKEN} random characters or more.`,
  ];
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
    : "docs/configuration.md lists all settings.";
  return `${name} is not a setting and has no effect. ${hint}`;
}
