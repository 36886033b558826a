/** A line such as `search: tea` that drives one tool directly, so that tools can be tried without a real model. */
export interface FixedForm {
  readonly word: string;
  /** Names of the tools that can do it; the first that is offered is taken. */
  readonly tools: readonly string[];
  readonly does: string;
  /** How it is written, whole. What is harmless to try is also a button. */
  readonly example: string;
  readonly isTried?: true;
  /** What the tool takes. `undefined`: it is not written as `example` is. */
  readonly read: (text: string) => Readonly<Record<string, unknown>> | undefined;
}

export const FIXED_FORMS: readonly FixedForm[] = [
  {
    word: "list",
    tools: ["list_files"],
    does: "list a folder",
    example: "list: .",
    isTried: true,
    read: (path) => ({ path }),
  },
  {
    word: "write",
    tools: ["write_file"],
    does: "write a file",
    example: "write: notes/try.md one two three",
    isTried: true,
    read: (text) => readFirstThen(text, (path, content) => ({ path, content })),
  },
  {
    word: "edit",
    tools: ["edit_file"],
    does: "change a passage of a file",
    example: "edit: notes/try.md two => 2",
    isTried: true,
    read: (text) => readFirstThen(text, readEdit),
  },
  {
    word: "read",
    tools: ["read_file"],
    does: "read a file",
    example: "read: notes/try.md",
    isTried: true,
    read: (text) => some(text, (path) => ({ path })),
  },
  {
    word: "run",
    tools: ["run_command"],
    does: "run a command",
    example: "run: ls -la",
    isTried: true,
    read: readCommand,
  },
  {
    word: "python",
    tools: ["python_code"],
    does: "run Python",
    example: "python: print(6 * 7)",
    isTried: true,
    read: (text) => some(text, (code) => ({ code })),
  },
  {
    word: "node",
    tools: ["node_code"],
    does: "run JavaScript",
    example: "node: console.log(6 * 7)",
    read: (text) => some(text, (code) => ({ code })),
  },
  {
    word: "fetch",
    tools: ["fetch_url"],
    does: "read a web page",
    example: "fetch: https://example.com/",
    read: (text) => some(text, (url) => ({ url })),
  },
  {
    word: "search",
    tools: ["search_knowledge_base", "web_search"],
    does: "search",
    example: "search: green tea",
    read: (text) => some(text, (query) => ({ query })),
  },
  {
    word: "post",
    tools: ["http_request"],
    does: "send a text to a web address, which always asks first",
    example: "post: https://example.com/ hello",
    isTried: true,
    read: (text) => readFirstThen(text, (url, body) => ({ method: "POST", url, body })),
  },
  {
    word: "mail",
    tools: ["send_email"],
    does: "send a mail",
    example: "mail: ada@example.com Subject: Hello Text: It works.",
    read: readMail,
  },
  {
    // `task:` is taken for a request for the command before any model reads it.
    word: "todo",
    tools: ["create_task"],
    does: "create a task",
    example: "todo: water the plants",
    read: (text) => some(text, (description) => ({ title: titleOf(description), description })),
  },
];

export interface FormRequest {
  readonly form: FixedForm;
  /** What stands behind the colon, up to the next form. */
  readonly text: string;
}

const FORM_LINE = new RegExp(
  `^[^\\S\\n]*(${FIXED_FORMS.map(({ word }) => word).join("|")})[^\\S\\n]*:`,
  "gimu",
);

/**
 * The forms a text consists of; a line that begins none belongs to the one before. Empty when the text begins with
 * anything else.
 */
export function parseFixedForms(text: string): readonly FormRequest[] {
  const whole = text.replace(/\r\n?/gu, "\n").trim();
  const starts = [...whole.matchAll(FORM_LINE)];
  if (starts[0]?.index !== 0) return [];
  return starts.flatMap((start, n) => {
    const form = FIXED_FORMS.find(({ word }) => word === start[1]?.toLowerCase());
    const rest = whole.slice(start.index + start[0].length, starts[n + 1]?.index);
    return form === undefined ? [] : [{ form, text: rest.trim() }];
  });
}

function some<T>(text: string, read: (text: string) => T): T | undefined {
  return text === "" ? undefined : read(text);
}

function readFirstThen<T>(text: string, read: (first: string, rest: string) => T): T | undefined {
  const match = /^(?:"([^"\n]+)"|([^\s"]\S*))\s+(.+)$/su.exec(text);
  const first = match?.[1] ?? match?.[2];
  return first === undefined ? undefined : read(first, match?.[3] ?? "");
}

function readEdit(path: string, change: string) {
  const [before, after, ...more] = change.split(" => ");
  if (after === undefined || more.length > 0) return undefined;
  return { path, old_text: before, new_text: after };
}

const QUOTED = /"([^"]*)"|'([^']*)'/gu;

/** Words parted by blanks; quotes hold one together, and nothing else means anything: there is no shell. */
function readCommand(text: string) {
  if (/["']/u.test(text.replace(QUOTED, ""))) return undefined;
  const words = text.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/gu) ?? [];
  const [command, ...args] = words.map((word) => word.replace(QUOTED, "$1$2"));
  return command === undefined ? undefined : { command, args };
}

/** The text stands behind `Text:` or on the lines below the subject. */
function readMail(text: string) {
  const [first = "", ...below] = text.split("\n");
  const [, to, said] = /^(\S+)\s+Subject:(.*)$/iu.exec(first) ?? [];
  const [subject = "", ...behind] = said?.split(" Text:") ?? [];
  const body = [behind.join(" Text:"), ...below].join("\n").trim();
  if (to === undefined || subject.trim() === "" || body === "") return undefined;
  return { to: to.split(","), subject: subject.trim(), body };
}

function titleOf(description: string): string {
  return description.split("\n", 1)[0]?.slice(0, 120).toWellFormed() ?? "";
}
