import type { NotedVariables } from "./fill-variables.ts";

type Named = Readonly<Record<string, string>>;

/** Names of headers and variables whose values let somebody in. `accept` and `NODE_ENV` are none. */
const SECRET_NAME = /auth|key|token|secret|cookie|pass|pwd|sign|credential|private|jwt/i;
/** Of a header, before its secret. */
const SCHEME = /^(?:bearer|basic|token)\s+/i;
const PASSWORD = /:\/\/[^\s/:@]*:([^\s/@]+)@/g;

/**
 * What of a file of the operator must not be shown: what it has from the environment, what is a secret by its name, and
 * passwords in addresses. Other texts in it are none: a mode that is called `production` is no reason to mask that word.
 */
export function listSecrets(
  variables: Pick<NotedVariables, "used">,
  named: readonly Named[],
): readonly string[] {
  const literal = named.flatMap((texts) => Object.entries(texts)).flatMap(secretsIn);
  return [...new Set([...variables.used(), ...literal])];
}

function secretsIn([name, value]: readonly [string, string]): readonly string[] {
  if (SECRET_NAME.test(name)) return [value, value.replace(SCHEME, "")];
  return [...value.matchAll(PASSWORD)].flatMap(([, password = ""]) => [
    password,
    decoded(password),
  ]);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
