/** An object of unknown make; every field is checked when it is read. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function asJsonObject(value: unknown): JsonObject | undefined {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? (value as JsonObject) : undefined;
}

export function readObject(from: JsonObject | undefined, key: string): JsonObject | undefined {
  return asJsonObject(from?.[key]);
}

export function readText(from: JsonObject | undefined, key: string): string | undefined {
  const value = from?.[key];
  return typeof value === "string" ? value : undefined;
}

export function readInteger(from: JsonObject | undefined, key: string): number | undefined {
  const value = from?.[key];
  return typeof value === "number" && Number.isSafeInteger(value) ? value : undefined;
}

export function readList(from: JsonObject | undefined, key: string): readonly JsonObject[] {
  const value = from?.[key];
  if (!Array.isArray(value)) return [];
  return value.map(asJsonObject).filter((one) => one !== undefined);
}
