import type { IncomingMessage } from "node:http";

interface UploadedFile {
  readonly name: string;
  readonly bytes: Buffer;
}

export interface Params {
  readonly values: Readonly<Record<string, unknown>>;
  readonly files: ReadonlyMap<string, UploadedFile>;
}

const NO_FILES: ReadonlyMap<string, UploadedFile> = new Map();

/** Parameters as the Bot API takes them: query, form, JSON or multipart. Undefined when they are broken. */
export function readParams(
  request: IncomingMessage,
  query: string,
  body: Buffer,
): Params | undefined {
  const type = request.headers["content-type"] ?? "";
  if (type.startsWith("application/json")) return readJson(body);
  const values: Record<string, unknown> = fromForm(query);
  if (type.startsWith("application/x-www-form-urlencoded")) {
    Object.assign(values, fromForm(body.toString()));
  }
  if (!type.startsWith("multipart/form-data")) return { values, files: NO_FILES };
  return readMultipart(body, /boundary="?([^";]+)/.exec(type)?.[1] ?? "", values);
}

function readJson(body: Buffer): Params | undefined {
  try {
    const values: unknown = body.length === 0 ? {} : JSON.parse(body.toString());
    if (typeof values !== "object" || values === null) return undefined;
    return { values: values as Record<string, unknown>, files: NO_FILES };
  } catch {
    return undefined;
  }
}

function fromForm(text: string): Record<string, unknown> {
  return text === "" ? {} : Object.fromEntries(new URLSearchParams(text));
}

/** Undefined when the last boundary is missing. */
function readMultipart(
  body: Buffer,
  boundary: string,
  values: Record<string, unknown>,
): Params | undefined {
  const files = new Map<string, UploadedFile>();
  const mark = Buffer.from(`--${boundary}`);
  let isEnded = false;
  let from = body.indexOf(mark);
  while (from >= 0) {
    const end = body.indexOf(mark, from + mark.length);
    if (end < 0) break;
    isEnded = body.subarray(end + mark.length, end + mark.length + 2).toString() === "--";
    const part = body.subarray(from + mark.length + 2, end - 2);
    const split = part.indexOf("\r\n\r\n");
    const head = part.subarray(0, split).toString();
    const content = part.subarray(split + 4);
    const name = /\bname="?([^";\r\n]+)/i.exec(head)?.[1] ?? "";
    const fileName = /filename="?([^";\r\n]+)/i.exec(head)?.[1];
    if (fileName === undefined) values[name] = content.toString();
    else files.set(name, { name: fileName, bytes: Buffer.from(content) });
    from = end;
  }
  return isEnded ? { values, files } : undefined;
}

/** Objects and arrays may arrive as JSON text. */
export function asObject(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}
