/** How much of a value a log line may hold. What is beyond is named, not shown. */
const DEEPEST = 6;
const MOST_ENTRIES = 50;
const MOST_VALUES = 500;
const LONGEST_TEXT = 8_192;
const LONGEST_READ = 32_768;
const LONGEST_SECRET = 2_048;
const LONGEST_CAUSE_CHAIN = 5;

/** Ends of key names (case, `-` and `_` aside) whose value is a secret. `inputTokens` is none. */
const SECRET_KEY =
  /(?:token|passwords?|passwd|passphrase|secrets?|authorization|cookies?|apikey|privatekey|credentials?)$/;

type Redact = (text: string) => string;

interface Walk {
  readonly redact: Redact;
  readonly mask: string;
  /** The objects we are inside of: a circle is named instead of followed. */
  readonly open: Set<object>;
  values: number;
}

/** A plain copy of `fields` that can be written as JSON: bounded, without circles, every text redacted. */
export function describeForLog(
  fields: Readonly<Record<string, unknown>>,
  redact: Redact,
  mask: string,
): Record<string, unknown> {
  return describeEntries(Object.keys(fields), (key) => fields[key], 0, {
    redact,
    mask,
    open: new Set(),
    values: 0,
  });
}

function describeValue(value: unknown, depth: number, walk: Walk): unknown {
  walk.values += 1;
  if (walk.values > MOST_VALUES) return "[more]";
  switch (typeof value) {
    case "string":
      return describeText(value, walk);
    case "bigint":
    case "symbol":
      return walk.redact(String(value));
    case "function":
      return "[function]";
    case "object":
      return value === null ? null : describeObject(value, depth, walk);
    case "number":
    case "boolean":
    case "undefined":
      return value;
  }
}

/** Redacts before it cuts, and never shows where a huge text was cut before: half a secret would not be known. */
function describeText(text: string, walk: Walk): string {
  const isHuge = text.length > LONGEST_READ;
  const clean = walk.redact(isHuge ? text.slice(0, LONGEST_READ) : text);
  const end = Math.min(LONGEST_TEXT, isHuge ? clean.length - LONGEST_SECRET : clean.length);
  return end >= clean.length
    ? clean
    : `${clean.slice(0, Math.max(0, end))}… (${text.length} characters)`;
}

function describeObject(value: object, depth: number, walk: Walk): unknown {
  if (walk.open.has(value)) return "[circular]";
  if (depth >= DEEPEST) return "[more]";
  walk.open.add(value);
  try {
    return describeKind(value, depth + 1, walk);
  } finally {
    walk.open.delete(value);
  }
}

function describeKind(value: object, depth: number, walk: Walk): unknown {
  if (value instanceof Error) return describeErrorForLog(value, depth, walk);
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? "[no date]" : value.toISOString();
  if (value instanceof URL) return walk.redact(value.href);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value) || value instanceof Set) return describeList([...value], depth, walk);
  if (value instanceof Map) {
    const entries = new Map([...value].map(([key, item]) => [String(key), item] as const));
    return describeEntries([...entries.keys()], (key) => entries.get(key), depth, walk);
  }
  const record = value as Record<string, unknown>;
  return describeEntries(Object.keys(record), (key) => record[key], depth, walk);
}

function describeList(items: readonly unknown[], depth: number, walk: Walk): unknown[] {
  const shown = items.slice(0, MOST_ENTRIES).map((item) => describeValue(item, depth, walk));
  if (items.length > MOST_ENTRIES) shown.push(`[${items.length - MOST_ENTRIES} more]`);
  return shown;
}

function describeEntries(
  keys: readonly string[],
  read: (key: string) => unknown,
  depth: number,
  walk: Walk,
): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const key of keys.slice(0, MOST_ENTRIES)) {
    const name = describeText(key, walk);
    // A plain assignment to `__proto__` would set the prototype instead of showing the key.
    Object.defineProperty(shown, name, {
      value: describeEntry(key, read, depth, walk),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  if (keys.length > MOST_ENTRIES) shown["…"] = `[${keys.length - MOST_ENTRIES} more]`;
  return shown;
}

function describeEntry(
  key: string,
  read: (key: string) => unknown,
  depth: number,
  walk: Walk,
): unknown {
  let value: unknown;
  try {
    value = read(key);
  } catch {
    return "[unreadable]";
  }
  const holdsText =
    value !== undefined && value !== null && typeof value !== "boolean" && value !== "";
  if (holdsText && SECRET_KEY.test(key.toLowerCase().replaceAll(/[-_]/g, ""))) return walk.mask;
  return describeValue(value, depth, walk);
}

/** Name, code, message and stack, then the cause; other own properties (a request, its headers) are left out. */
function describeErrorForLog(error: Error, depth: number, walk: Walk): Record<string, unknown> {
  const shown: Record<string, unknown> = { name: describeText(String(error.name), walk) };
  if ("code" in error) shown["code"] = describeValue(error.code, depth, walk);
  shown["message"] = describeText(String(error.message), walk);
  if (typeof error.stack === "string") shown["stack"] = describeText(error.stack, walk);
  if (error.cause !== undefined) {
    shown["cause"] =
      depth > LONGEST_CAUSE_CHAIN ? "[more]" : describeValue(error.cause, depth, walk);
  }
  if (error instanceof AggregateError) shown["errors"] = describeList(error.errors, depth, walk);
  return shown;
}
