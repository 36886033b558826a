const CHARSET = /charset\s*=\s*["']?([\w-]+)/i;

/**
 * What a person would read of an answer from `url`: HTML as text with its links, text as it is. `undefined`: it is no text.
 */
export async function readableText(
  body: Buffer,
  contentType: string,
  url?: string,
): Promise<string | undefined> {
  const type = contentType.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (!isText(type) || body.includes(0)) return undefined;
  const text = decode(body, CHARSET.exec(contentType)?.[1] ?? charsetInside(body));
  const isHtml = type === "text/html" || type === "application/xhtml+xml";
  return isHtml ? await fromHtml(text, url) : text;
}

function isText(type: string): boolean {
  return (
    type === "" ||
    type.startsWith("text/") ||
    /[/+](json|xml|yaml|javascript|x-ndjson)$/.test(type) ||
    type === "application/xhtml+xml"
  );
}

/** A page may say its letters' encoding only inside. */
function charsetInside(body: Buffer): string {
  return CHARSET.exec(body.subarray(0, 1_024).toString("latin1"))?.[1] ?? "utf-8";
}

function decode(body: Buffer, charset: string): string {
  try {
    return new TextDecoder(charset).decode(body);
  } catch {
    return new TextDecoder().decode(body);
  }
}

/** Loads the parser with the first page, not with the program. */
async function fromHtml(html: string, url: string | undefined): Promise<string> {
  const { convert } = await import("html-to-text");
  const pathRewrite = (path: string) =>
    url !== undefined && URL.canParse(path, url) ? new URL(path, url).href : path;
  return convert(html, {
    wordwrap: false,
    limits: { maxInputLength: 2_000_000, maxDepth: 100 },
    selectors: [
      { selector: "img", format: "skip" },
      { selector: "nav", format: "skip" },
      { selector: "form", format: "skip" },
      {
        selector: "a",
        options: {
          ignoreHref: false,
          hideLinkHrefIfSameAsText: true,
          linkBrackets: ["<", ">"],
          pathRewrite,
        },
      },
      ...["h1", "h2", "h3", "h4", "h5", "h6"].map((selector) => ({
        selector,
        options: { uppercase: false },
      })),
      { selector: "table", format: "dataTable", options: { uppercaseHeaderCells: false } },
    ],
  });
}
