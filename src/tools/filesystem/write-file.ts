import { z } from "zod";
import { AppError } from "../../core/errors.ts";
import { sizeInWords } from "../../core/size-in-words.ts";
import type { Sensitivity } from "../../core/tool/tool-facts.ts";
import { defineTool, type Tool } from "../tool.ts";
import { inTurn } from "./in-turn.ts";
import { requireRoom, type ScratchLimits } from "./require-room.ts";
import { isOurs, isScratch, parseWorkspacePath, type WorkspacePath } from "./workspace-path.ts";
import { findNewFolders, writeMarked } from "./write-marked.ts";

const LONGEST_TEXT = 1_000_000;

export function writeFileTool(limits: ScratchLimits): Tool {
  return defineTool({
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
    sensitivityOf: ({ path }) => sensitivityOfWriting(parseWorkspacePath(path)),
    describe: ({ path, content }) => `Write ${content.length} characters to ${path}`,
    async run({ path, content }, { workspace, isTainted }) {
      const inside = parseWorkspacePath(path);
      requireWritable(inside);
      await inTurn(workspace, inside, async () => {
        await requireRoom(workspace, inside, content, limits);
        const folders = isTainted ? await findNewFolders(workspace, inside) : [];
        await writeMarked(workspace, inside, { text: content, isTainted, folders });
      });
      return { text: `Wrote ${sizeInWords(Buffer.byteLength(content))} to ${inside}.` };
    },
  });
}

/** Nobody is asked about what is not to be. @throws AppError where tools may not write. */
export function sensitivityOfWriting(path: WorkspacePath): Sensitivity {
  requireWritable(path);
  return isScratch(path) ? "read" : "write";
}

/** @throws AppError where tools may not write. */
export function requireWritable(path: WorkspacePath): void {
  if (isOurs(path))
    throw new AppError(
      "access_denied",
      `${path || "The workspace itself"} is not for tools to write. Write to another folder, such as scratch/.`,
    );
}
