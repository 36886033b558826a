export interface EnvFile {
  /** The last of several lines with the same name counts. */
  readonly values: ReadonlyMap<string, string>;
  /** One sentence a malformed line. A line is never quoted: it may hold a secret. */
  readonly problems: readonly string[];
}

const ASSIGNMENT = /^(?:export\s+)?(?<name>[A-Za-z_][A-Za-z0-9_.-]*)\s*=\s*(?<rest>.*)$/s;
/** Only double quotes know escapes: a Windows path may stand in single ones. */
const QUOTED = /^(?:"(?<escaped>(?:\\.|[^"\\])*)"|'(?<plain>[^']*)')\s*(?:#.*)?$/s;
const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

/** Reads the text of a `.env` file: `NAME=value` lines, `#` comments, quotes, `export`; one line a value. */
export function parseEnvFile(text: string): EnvFile {
  const values = new Map<string, string>();
  const problems: string[] = [];
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
  lines.forEach((line, index) => {
    const trimmed = line.trim();
    if (trimmed === "" || trimmed.startsWith("#")) return;
    const { name, rest } = ASSIGNMENT.exec(trimmed)?.groups ?? {};
    if (name === undefined || rest === undefined) {
      problems.push(`Line ${index + 1} of .env is not NAME=value. Mend it, or put a # before it.`);
      return;
    }
    const value = readValue(rest);
    if (value === undefined) {
      problems.push(
        `Line ${index + 1} of .env (${name}) has an open quote, or text after a closed one.`,
      );
      return;
    }
    values.set(name, value);
  });
  return { values, problems };
}

/** `undefined` when a quote stays open or text follows it. */
function readValue(rest: string): string | undefined {
  if (!/^["']/.test(rest)) return rest.replace(/(^|\s)#.*$/s, "").trim();
  const { escaped, plain } = QUOTED.exec(rest)?.groups ?? {};
  return plain ?? escaped?.replace(/\\(.)/gs, (_, letter: string) => ESCAPES[letter] ?? letter);
}
