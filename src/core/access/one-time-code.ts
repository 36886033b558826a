import { randomBase32, sha256Hex } from "../ids.ts";

/** How long a code that somebody was shown can be used. */
export const CODE_VALID_MS = 10 * 60_000;
const GROUP_LENGTH = 4;

/** A secret that is shown once and kept only as its hash. */
export interface OneTimeCode {
  /** As a person types it: lower case, with hyphens when it is short. */
  readonly code: string;
  readonly hash: string;
  /** Its first characters: enough to tell two requests apart, too few to guess it. */
  readonly hint: string;
}

/** For a person to read out: `k3v9-qd7m`, 40 bits. */
export function newTypedCode(): OneTimeCode {
  const text = randomBase32(2 * GROUP_LENGTH);
  return toOneTimeCode(text, `${text.slice(0, GROUP_LENGTH)}-${text.slice(GROUP_LENGTH)}`);
}

/** For a link: 125 bits, nothing that a URL would have to escape. */
export function newLinkCode(): OneTimeCode {
  const text = randomBase32(25);
  return toOneTimeCode(text, text);
}

/** What a code is stored and looked up as, however it was typed: case, hyphens, spaces, o for 0 and l for 1 do not matter. */
export function hashCode(typed: string): string {
  const text = typed
    .toLowerCase()
    .replace(/[-\s]/gu, "")
    .replaceAll("o", "0")
    .replace(/[il]/gu, "1");
  return sha256Hex(text);
}

function toOneTimeCode(text: string, shown: string): OneTimeCode {
  return { code: shown, hash: hashCode(text), hint: text.slice(0, 2) };
}
