const TOKEN = /<(\/?)(\w+)((?: [a-z]+="[^"<>]*")?)>|&(amp|lt|gt|quot);|[^<&>]+/gy;
const CHARACTERS: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"' };
const KNOWN = new Set(["b", "i", "a", "code", "pre", "blockquote"]);

/**
 * Reads Telegram's HTML as strictly as its documentation puts it. @throws Error for an unknown or unclosed tag, a bare
 * `<`, `>` or `&`, a format within code, a quote within a quote, or a link within a link.
 */
export function readTelegramHtml(html: string): { readonly text: string } {
  const open: string[] = [];
  let text = "";
  let at = 0;
  for (const match of html.matchAll(TOKEN)) {
    at = match.index + match[0].length;
    const [whole, slash, name, , entity] = match;
    if (name === undefined) text += entity === undefined ? whole : CHARACTERS[entity];
    else if (slash === "/") close(open, name, html);
    else begin(open, name, html);
  }
  if (at !== html.length) throw new Error(`cannot read at ${at}: ${html.slice(at, at + 40)}`);
  if (open.length > 0) throw new Error(`not closed: ${open.join(" ")} in ${html}`);
  return { text };
}

function begin(open: string[], name: string, html: string): void {
  const parent = open.at(-1);
  const isCodeOfBlock = name === "code" && parent === "pre";
  if (!KNOWN.has(name)) throw new Error(`unknown tag ${name} in ${html}`);
  if ((open.includes("code") || open.includes("pre")) && !isCodeOfBlock)
    throw new Error(`${name} within code in ${html}`);
  if (open.includes(name)) throw new Error(`${name} within ${name} in ${html}`);
  if (name === "code" && parent !== undefined && parent !== "pre" && parent !== "blockquote") {
    throw new Error(`code within ${parent} in ${html}`);
  }
  open.push(name);
}

function close(open: string[], name: string, html: string): void {
  if (open.pop() !== name) throw new Error(`</${name}> closes nothing in ${html}`);
}
