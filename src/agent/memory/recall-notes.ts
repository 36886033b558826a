import { join } from "node:path";
import { LARGEST_MEMORY_BYTES, memoryPath } from "../../core/memory/memory-file.ts";
import type { FileReports } from "../prompt/file-reports.ts";
import { readBoundedFile } from "../prompt/read-bounded-file.ts";

/** Of each file; the newest lines, which stand last, are told. */
const MOST_CHARACTERS = 4_000;

export interface Note {
  /** Such as `memory/workspace.md`. */
  readonly name: string;
  readonly text: string;
  /** Whose words are in it, one line each; empty: none but its keepers'. */
  readonly taintedBy: readonly string[];
}

/** What was noted about a conversation and its workspace, as the files read now, whoever wrote them last. */
export async function recallNotes(
  { workspace, contextId }: { readonly workspace: string; readonly contextId: string },
  reports: FileReports,
): Promise<readonly Note[]> {
  const paths = [false, true].flatMap((isTainted) => [
    memoryPath("workspace", contextId, isTainted),
    memoryPath("conversation", contextId, isTainted),
  ]);
  const notes = await Promise.all(
    paths.map(async (path): Promise<readonly Note[]> => {
      const file = await readBoundedFile(workspace, path, LARGEST_MEMORY_BYTES);
      if (file.kind === "bad") reports.bad(join(workspace, path), file.why);
      else reports.good(join(workspace, path));
      if (file.kind !== "text") return [];
      return [{ name: path, text: newestLines(file.text.trim(), path), taintedBy: file.taintedBy }];
    }),
  );
  return notes.flat();
}

function newestLines(text: string, path: string): string {
  if (text.length <= MOST_CHARACTERS) return text;
  const tail = text.slice(-MOST_CHARACTERS);
  const whole = tail.slice(tail.indexOf("\n") + 1).toWellFormed();
  return `(Older notes are left out; read_file shows ${path}.)\n${whole}`;
}
