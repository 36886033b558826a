export type LinkTarget =
  | { readonly kind: "web"; readonly url: string }
  | { readonly kind: "command"; readonly command: string }
  | { readonly kind: "none" };

const WEB_SCHEMES: ReadonlySet<string> = new Set(["http:", "https:", "mailto:"]);
const COMMAND_SCHEME = "command:";
const NONE: LinkTarget = { kind: "none" };

/**
 * What a link in an answer may do: open a web or mail address, or say a command. Everything else, relative addresses
 * included, is text.
 */
export function judgeLink(href: string | undefined): LinkTarget {
  if (href === undefined) return NONE;
  if (href.toLowerCase().startsWith(COMMAND_SCHEME))
    return commandOf(href.slice(COMMAND_SCHEME.length));
  const url = URL.parse(href);
  return url !== null && WEB_SCHEMES.has(url.protocol) ? { kind: "web", url: url.href } : NONE;
}

function commandOf(encoded: string): LinkTarget {
  try {
    const command = decodeURIComponent(encoded).trim();
    return command.startsWith("/") && !/\p{Cc}/u.test(command)
      ? { kind: "command", command }
      : NONE;
  } catch {
    return NONE;
  }
}
