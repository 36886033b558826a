import { isUtf8 } from "node:buffer";
import { z } from "zod";
import { AppError } from "../../core/errors.ts";
import { readFrontMatter } from "../../core/memory/front-matter.ts";
import { defineTool } from "../tool.ts";
import { taintOf } from "./file-taint.ts";
import { inTurn } from "./in-turn.ts";
import { openInWorkspace } from "./open-in-workspace.ts";
import { parseWorkspacePath, type WorkspacePath } from "./workspace-path.ts";

/** Far above what a model reads; the pages of a result bound what it is shown at once. */
const LARGEST_READ_BYTES = 1_000_000;

export const readFileTool = defineTool({
  name: "read_file",
  class: "filesystem",
  description: "Reads a text file of the workspace, whole.",
  input: z.strictObject({
    path: z.string().min(1).describe("Relative to the workspace, such as notes/plan.md."),
  }),
  effect: "read",
  timeLimitMs: 10_000,
  sensitivityOf: () => "read",
  describe: ({ path }) => `Read ${path}`,
  async run({ path }, { workspace }) {
    const inside = parseWorkspacePath(path);
    return await inTurn(workspace, inside, async () => {
      const before = await taintOf(workspace, inside);
      const bytes = await readTextBytes(workspace, inside);
      const text = bytes.toString("utf8");
      const isMarked = readFrontMatter(text).taintedBy.length > 0;
      // Another process may have written it meanwhile.
      const taint = before ?? (await taintOf(workspace, inside));
      return {
        text: isUtf8(bytes)
          ? text
          : `(It is not UTF-8: letters that cannot be read are \ufffd.)\n${text}`,
        taintedBy: taint ?? (isMarked ? `the file ${inside}` : undefined),
      };
    });
  },
});

/** The whole text of a file of a workspace. @throws AppError when it is not there, too large, or no text. */
export async function readText(workspace: string, path: WorkspacePath): Promise<string> {
  return (await readTextBytes(workspace, path)).toString("utf8");
}

/** The same as it lies there, in whatever encoding. @throws AppError as above. */
export async function readTextBytes(workspace: string, path: WorkspacePath): Promise<Buffer> {
  const file = await openInWorkspace(workspace, path);
  try {
    const { size } = await file.stat();
    if (size > LARGEST_READ_BYTES)
      throw new AppError(
        "too_large",
        `${path} has ${size} bytes, and ${LARGEST_READ_BYTES} are read at most. inspect_file shows parts of it.`,
      );
    const bytes = await file.readFile();
    if (bytes.includes(0)) throw new AppError("invalid_input", `${path} is no text file.`);
    return bytes;
  } finally {
    await file.close();
  }
}
