const WEB_SCHEMES: ReadonlySet<string> = new Set(["http:", "https:", "mailto:"]);

/**
 * The address that a link in an answer opens, on the web or of mail. `undefined`: it is text, as everything else is, relative
 * addresses and commands included: those are said by the buttons under an answer alone.
 */
export function judgeLink(href: string | undefined): string | undefined {
  const url = href === undefined ? null : URL.parse(href);
  return url !== null && WEB_SCHEMES.has(url.protocol) ? url.href : undefined;
}
