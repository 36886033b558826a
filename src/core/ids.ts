import { createHash, hash, randomFillSync, timingSafeEqual } from "node:crypto";

/** Crockford base32 in lower case: no i, l, o, u, so an id can be read aloud. */
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

export type IdPrefix =
  | "msg"
  | "ctx"
  | "ws"
  | "usr"
  | "idn"
  | "pair"
  | "dlv"
  | "job"
  | "run"
  | "step"
  | "task"
  | "use"
  | "tok"
  | "sess"
  | "probe"
  | "epoch"
  | "commit";

/** A new random id, `<prefix>_` and 16 characters (80 bits). */
export function newId(prefix: IdPrefix): string {
  return `${prefix}_${randomBase32(16)}`;
}

/** `length` random base32 characters, 5 bits each. */
export function randomBase32(length: number): string {
  let text = "";
  for (let n = 0; n < length; n += 1) text += ALPHABET[nextRandomByte() & 31];
  return text;
}

/** Asking for a few bytes costs as much as asking for thousands. No byte is used twice or kept after its use. */
const pool = new Uint8Array(4_096);
let used = pool.length;

function nextRandomByte(): number {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const byte = pool[used] ?? 0;
  pool[used] = 0;
  used += 1;
  return byte;
}

export function sha256Hex(text: string): string {
  return hash("sha256", text);
}

/** Compares two secrets without telling by its time where they differ. */
export function secretsEqual(a: string, b: string): boolean {
  const left = createHash("sha256").update(a).digest();
  const right = createHash("sha256").update(b).digest();
  return timingSafeEqual(left, right);
}
