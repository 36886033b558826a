/** Reads a file of the operator. @throws Error that says what to do. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    // What the parser says quotes the text, and with it what may be a secret.
    throw new Error("It is no JSON. Mend it there.", { cause });
  }
}
