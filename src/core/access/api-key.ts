import { randomBase32, sha256Hex } from "../ids.ts";

const VISIBLE_LENGTH = 8;
const SECRET_LENGTH = 32;
const FORM = /^ark_[0-9a-z]{8}_[0-9a-z]{32}$/u;

/** A key as it is made: `key` is shown once, `hash` is kept, `prefix` tells it from others in lists. */
export interface NewApiKey {
  readonly key: string;
  readonly prefix: string;
  readonly hash: string;
}

/** `ark_k3v9qd7m_…`: 8 characters that may be shown and 160 bits that may not. */
export function newApiKey(): NewApiKey {
  const prefix = `ark_${randomBase32(VISIBLE_LENGTH)}`;
  const key = `${prefix}_${randomBase32(SECRET_LENGTH)}`;
  return { key, prefix, hash: sha256Hex(key) };
}

/** What a key is looked up by; `undefined` for what cannot be one. A look-up by hash tells nothing by its time. */
export function hashApiKey(text: string): string | undefined {
  return FORM.test(text) ? sha256Hex(text) : undefined;
}
