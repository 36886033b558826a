import { AppError } from "../../core/errors.ts";

/** What the runtime itself keeps there: tools read it and never write it. */
const OURS = ["context", "skills", "memory", "tasks", "logs", "ops"];
const LONGEST_PATH = 400;
const LONGEST_NAME = 200;

/** A path inside a workspace, in one spelling: names joined by `/`, none of them `.` or `..`. Empty: the workspace itself. */
export type WorkspacePath = string & { readonly workspacePath: true };

/**
 * Reads a path as a model writes it. @throws AppError `invalid_input` for what is absolute, leads out, or could be
 * read as something else by another program.
 */
export function parseWorkspacePath(text: string): WorkspacePath {
  if (text.length > LONGEST_PATH) throw refuse("is too long");
  if (/^(?:[\\/~]|[A-Za-z]:)/.test(text)) throw refuse("is absolute");
  if (/[\p{Cc}\u202a-\u202e\u2066-\u2069\\]/u.test(text))
    throw refuse("holds a character that no name has");
  const names = text.split("/").filter((name) => name !== "" && name !== ".");
  if (names.includes("..")) throw refuse("leads out of the workspace");
  if (names.some((name) => Buffer.byteLength(name) > LONGEST_NAME))
    throw refuse("has too long a name in it");
  return names.join("/") as WorkspacePath;
}

/** Whether a tool may write it at all. The case of a name does not save it: some disks do not tell them apart. */
export function isOurs(path: WorkspacePath): boolean {
  const [first = ""] = path.split("/");
  return path === "" || OURS.includes(first.normalize("NFKC").toLowerCase());
}

/** Freely writable, for drafts. */
export function isScratch(path: WorkspacePath): boolean {
  return path.startsWith("scratch/");
}

function refuse(what: string): AppError {
  return new AppError(
    "invalid_input",
    `The path ${what}. Give it relative to the workspace, such as scratch/note.md.`,
  );
}
