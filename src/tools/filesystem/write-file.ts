import { basename, join } from "node:path";
import { z } from "zod";
import { AppError } from "../../core/errors.ts";
import { defineTool } from "../tool.ts";
import { folderToWrite } from "./open-in-workspace.ts";
import { replaceFile } from "./replace-file.ts";
import {
  isOursToWrite,
  isScratch,
  parseWorkspacePath,
  type WorkspacePath,
} from "./workspace-path.ts";

const LONGEST_TEXT = 1_000_000;

export const writeFileTool = defineTool({
  name: "write_file",
  class: "filesystem",
  description:
    "Writes a text file of the workspace, whole, in the place of one that is there. scratch/ is for drafts and needs nobody's leave.",
  input: z.strictObject({
    path: z.string().min(1).describe("Relative to the workspace, such as scratch/note.md."),
    content: z.string().max(LONGEST_TEXT),
  }),
  effect: "write",
  timeLimitMs: 10_000,
  sensitivityOf: ({ path }) => (isScratch(parseWorkspacePath(path)) ? "read" : "write"),
  describe: ({ path, content }) => `Write ${content.length} characters to ${path}`,
  async run({ path, content }, { workspace }) {
    const inside = parseWorkspacePath(path);
    await writeText(workspace, inside, content);
    return { text: `Wrote ${Buffer.byteLength(content)} bytes to ${inside}.` };
  },
});

/** Writes a file of a workspace, whole and durable. @throws AppError where tools may not write. */
export async function writeText(
  workspace: string,
  path: WorkspacePath,
  text: string,
): Promise<void> {
  if (isOursToWrite(path))
    throw new AppError(
      "access_denied",
      `${path || "The workspace itself"} is not for tools to write. Write to another folder, such as scratch/.`,
    );
  const folder = await folderToWrite(workspace, path);
  await replaceFile(join(folder, basename(path)), text).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "EISDIR") throw new AppError("invalid_input", `${path} is a folder.`);
    throw error;
  });
}
