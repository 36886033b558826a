import { AppError } from "../core/errors.ts";

const MAX_BODY_BYTES = 1024 * 1024;

/**
 * The JSON of a request, read with a bound that also holds for chunked bodies.
 * @throws AppError `invalid_input` for another content type, bad UTF-8 or malformed JSON; `too_large` above 1 MiB.
 */
export async function readJsonBody(request: Request): Promise<unknown> {
  requireJson(request.headers.get("content-type"));
  const bytes = await readBounded(request);
  const text = decodeUtf8(bytes);
  if (text.trim() === "")
    throw new AppError("invalid_input", "The body is empty. Send a JSON object.");
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw unreadable("The body is not valid JSON.", error);
  }
}

function requireJson(contentType: string | null): void {
  const [type, ...parameters] = (contentType ?? "")
    .toLowerCase()
    .split(";")
    .map((part) => part.trim());
  const charset = parameters
    .find((parameter) => parameter.startsWith("charset="))
    ?.slice("charset=".length);
  const isUtf8 =
    charset === undefined || charset.replaceAll('"', "") === "utf-8" || charset === "utf8";
  if (type !== "application/json" || !isUtf8) {
    throw new AppError(
      "invalid_input",
      "Send the body as JSON in UTF-8, with the header Content-Type: application/json.",
    );
  }
}

async function readBounded(request: Request): Promise<Uint8Array> {
  if (Number(request.headers.get("content-length") ?? 0) > MAX_BODY_BYTES) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = request.body?.getReader();
  for (let part = await readPart(reader); part !== undefined; part = await readPart(reader)) {
    length += part.byteLength;
    if (length > MAX_BODY_BYTES) throw tooLarge();
    chunks.push(part);
  }
  return Buffer.concat(chunks, length);
}

/** A body that is cut off is the sender's doing: no fault of ours, and nothing for the log. */
async function readPart(
  reader: ReadableStreamDefaultReader<Uint8Array> | undefined,
): Promise<Uint8Array | undefined> {
  try {
    return (await reader?.read())?.value;
  } catch (error) {
    throw unreadable("The body ended too early. Send it again.", error);
  }
}

function tooLarge(): AppError {
  return new AppError("too_large", "The body is larger than 1 MiB. Send less.");
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw unreadable("The body is not valid UTF-8.", error);
  }
}

function unreadable(message: string, cause: unknown): AppError {
  return new AppError("invalid_input", message, { cause });
}
