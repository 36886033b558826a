/** Takes the bot token out of a text, whole, encoded or only its secret half: the one gate for every error and log text. */
export function redactToken(text: string, token: string): string {
  let clean = text;
  const secret = token.slice(token.indexOf(":") + 1);
  for (const part of [token, encodeURIComponent(token), secret, encodeURIComponent(secret)]) {
    if (part.length >= 4) clean = clean.replaceAll(part, "<token>");
  }
  return clean.replace(/bot\d+(?::|%3A)[\w-]+/gi, "bot<token>");
}
