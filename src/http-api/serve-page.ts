import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { PAGE_POLICY } from "./security-headers.ts";

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
  ".txt": "text/plain; charset=utf-8",
};
/** A file of the page or of its `assets/`; a segment never begins with a dot, so nothing above can be named. */
const ASSET_PATH = /^\/(?:assets\/)?[A-Za-z0-9_-][A-Za-z0-9._-]*$/;
/** The bundler puts a hash into the names under `assets/`: such a file never changes. */
const FOREVER = "public, max-age=31536000, immutable";
const CHECK_EACH_TIME = "no-cache";

const NOT_BUILT = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>agent-runtime</title>
<h1>The page is not built</h1>
<p>The service is running; only this page is missing. Run <code>make build</code>, then load it again.</p>
<p>The API is described at <a href="/docs">/docs</a>.</p></html>
`;

export interface Page {
  /** The answer for `/`: 503 with a hint when the page was never built. */
  serveIndex(): Promise<Response>;
  /** The answer for a file of the page, or `undefined` when there is none of that name. */
  serveAsset(path: string): Promise<Response | undefined>;
}

/** Serves the built page from `directory`. */
export function createPage(directory: string): Page {
  return {
    async serveIndex() {
      const html = await readIfThere(join(directory, "index.html"));
      return html === undefined
        ? pageResponse(NOT_BUILT, {
            status: 503,
            type: CONTENT_TYPES[".html"],
            caching: "no-store",
          })
        : pageResponse(html, {
            status: 200,
            type: CONTENT_TYPES[".html"],
            caching: CHECK_EACH_TIME,
          });
    },
    async serveAsset(path) {
      const type = CONTENT_TYPES[extname(path)];
      if (type === undefined || !ASSET_PATH.test(path)) return undefined;
      const bytes = await readIfThere(join(directory, path));
      const caching = path.startsWith("/assets/") ? FOREVER : CHECK_EACH_TIME;
      return bytes && pageResponse(bytes, { status: 200, type, caching });
    },
  };
}

async function readIfThere(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  return await readFile(path).catch(() => undefined);
}

interface PageHeaders {
  readonly status: number;
  readonly type: string | undefined;
  readonly caching: string;
}

function pageResponse(
  body: string | Uint8Array<ArrayBuffer>,
  { status, type, caching }: PageHeaders,
): Response {
  return new Response(body, {
    status,
    headers: {
      "content-type": type ?? "application/octet-stream",
      "cache-control": caching,
      "content-security-policy": PAGE_POLICY,
    },
  });
}
