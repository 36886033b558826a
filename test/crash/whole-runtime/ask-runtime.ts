import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A request; it comes from the owner, unless `headers` say who asks. */
export interface Request {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answered {
  readonly status: number;
  readonly body: string;
  readonly headers: Headers;
}

/** `undefined`: the process died before it had answered. */
export async function askRuntime(
  { url, dataDir }: { readonly url: string; readonly dataDir: string },
  { method, path, body, headers }: Request,
): Promise<Answered | undefined> {
  const token = readFileSync(join(dataDir, "admin-token"), "utf8").trim();
  const asOwner = { authorization: `Bearer ${token}` };
  try {
    const answer = await fetch(`${url}${path}`, {
      method,
      // A page says where it comes from; others may.
      headers: { "content-type": "application/json", origin: url, ...(headers ?? asOwner) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: await answer.text(), headers: answer.headers };
  } catch {
    return undefined;
  }
}
