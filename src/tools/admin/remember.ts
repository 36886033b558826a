import { z } from "zod";
import { AppError } from "../../core/errors.ts";
import {
  type MarkedText,
  readFrontMatter,
  writeFrontMatter,
} from "../../core/memory/front-matter.ts";
import { LARGEST_MEMORY_BYTES, memoryPath } from "../../core/memory/memory-file.ts";
import { addTaints } from "../../core/taint/taint-source.ts";
import { hasMark } from "../filesystem/file-taint.ts";
import { inTurn } from "../filesystem/in-turn.ts";
import { readText } from "../filesystem/read-file.ts";
import { parseWorkspacePath, type WorkspacePath } from "../filesystem/workspace-path.ts";
import { writeMarked } from "../filesystem/write-marked.ts";
import { defineTool } from "../tool.ts";

const LONGEST_NOTE = 500;

/** The only tool that writes memory. What a tainted run notes is kept apart, and taints who reads it. */
export const rememberTool = defineTool({
  name: "remember",
  class: "admin",
  description:
    "Notes one lasting fact, which you are told in every later conversation here. Not for what only matters now. People read and edit the notes under memory/.",
  input: z.strictObject({
    note: z.string().trim().min(1).max(LONGEST_NOTE).describe("One fact, in one sentence."),
    about: z
      .enum(["conversation", "workspace"])
      .default("conversation")
      .describe("workspace: it also matters in the other conversations that share its files."),
  }),
  effect: "write",
  timeLimitMs: 10_000,
  sensitivityOf: () => "write",
  describe: ({ note, about }) => `Note about this ${about}: ${oneLine(note)}`,
  async run({ note, about }, { workspace, contextId, isTainted, taintedBy }) {
    const path = parseWorkspacePath(memoryPath(about, contextId, isTainted));
    const line = `- ${oneLine(note)}`;
    return await inTurn(workspace, path, async () => {
      const file = await readNotes(workspace, path);
      if (file.text.split("\n").includes(line)) return { text: `${path} says so already.` };
      const sources = taintedBy.length > 0 ? taintedBy : ["what others wrote"];
      const marked = {
        text: `${file.text === "" ? "" : `${file.text.trimEnd()}\n`}${line}\n`,
        taintedBy: isTainted ? addTaints(file.taintedBy, sources) : file.taintedBy,
      };
      const text = writeFrontMatter(marked);
      if (Buffer.byteLength(text) > LARGEST_MEMORY_BYTES)
        throw new AppError("too_large", `${path} is full. Ask a person to shorten it.`);
      // A program that reads it knows of no mark in the file. What a mark was for stays in it.
      const isMarked = marked.taintedBy.length > 0 || (await hasMark(workspace, path));
      await writeMarked(workspace, path, { text, isTainted: isMarked });
      return { text: `Noted in ${path}.` };
    });
  },
});

async function readNotes(workspace: string, path: WorkspacePath): Promise<MarkedText> {
  try {
    return readFrontMatter(await readText(workspace, path));
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") return { text: "", taintedBy: [] };
    throw error;
  }
}

/** Whatever would begin a line of its own, or a mark of the file, becomes a space. */
function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}\u2028\u2029]+/gu, " ").trim();
}
