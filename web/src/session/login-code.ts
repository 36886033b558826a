/** The one-time code in a login link's fragment (`#login=CODE`), or `undefined`. */
export function parseLoginCode(fragment: string): string | undefined {
  const code = new URLSearchParams(fragment.replace(/^#/, "")).get("login")?.trim();
  return code === undefined || code === "" ? undefined : code;
}

/** Takes the code out of the address, so that neither the bar nor the history keeps it. */
export function takeLoginCode(): string | undefined {
  const code = parseLoginCode(location.hash);
  if (code !== undefined) history.replaceState(null, "", location.pathname + location.search);
  return code;
}
