import { createHash } from "node:crypto";
import type { Route } from "./route.ts";

const STYLE = `
  :root { color-scheme: light dark; }
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
  table { border-collapse: collapse; width: 100%; }
  th, td { text-align: left; padding: 0.4rem 0.6rem 0.4rem 0; vertical-align: top; border-bottom: 1px solid #8884; }
  code { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
`;

/** No script, no other host; the one style element is named by its hash. */
export const DOCS_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** A plain list of the API for a reader; machines read `/openapi.json`. */
export function renderDocsPage(routes: readonly Route[], version: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>agent-runtime API</title>
<style>${STYLE}</style>
</head>
<body>
<h1>agent-runtime API</h1>
<p>Version ${escapeHtml(version)}. Every field is described in <a href="/openapi.json">openapi.json</a>.
Send your key as <code>Authorization: Bearer &lt;key&gt;</code>; it stands in <code>admin-token</code> in the data directory.
An error is <code>{"error": "…", "code": "…"}</code>.</p>
<table>
<thead><tr><th>Operation</th><th>What it does</th><th>Needs</th></tr></thead>
<tbody>
${routes.map(renderRow).join("\n")}
</tbody>
</table>
</body>
</html>
`;
}

function renderRow({ method, path, summary, permission }: Route): string {
  const cells = [
    `<code>${method.toUpperCase()} ${escapeHtml(path)}</code>`,
    escapeHtml(summary),
    permission === undefined ? "nothing" : `<code>${escapeHtml(permission)}</code>`,
  ];
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
