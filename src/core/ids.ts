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
  | "key"
  | "file"
  | "dlv"
  | "mail"
  | "job"
  | "run"
  | "step"
  | "task"
  | "act"
  | "use"
  | "tok"
  | "sess"
  | "probe"
  | "notice"
  | "req"
  | "epoch"
  | "commit";

const TIME_LENGTH = 8;
const RANDOM_LENGTH = 12;
/** A step of an id's time: short enough that what is written together stands together, enough of them for 1,000 years. */
const STEP_MS = 32;

/**
 * A new id, `<prefix>_` and 20 characters: 8 of the time, then 12 random ones (60 bits). Ids that begin alike are
 * neighbours in an index, so a commit writes a few pages of it however long the history is. Nothing may read the time
 * from it or trust its order. Not for secrets: those are `randomBase32`.
 */
export function newId(prefix: IdPrefix): string {
  let steps = Math.floor(Date.now() / STEP_MS);
  let time = "";
  for (let n = 0; n < TIME_LENGTH; n += 1) {
    time = (ALPHABET[steps % 32] ?? "") + time;
    steps = Math.floor(steps / 32);
  }
  return `${prefix}_${time}${randomBase32(RANDOM_LENGTH)}`;
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

export function sha256Hex(data: string | Uint8Array): string {
  return hash("sha256", data);
}

/** Compares two secrets without telling by its time where they differ. */
export function secretsEqual(a: string, b: string): boolean {
  const left = createHash("sha256").update(a).digest();
  const right = createHash("sha256").update(b).digest();
  return timingSafeEqual(left, right);
}
