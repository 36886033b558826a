import { basename, join } from "node:path";
import { z } from "zod";
import { AppError } from "../../core/errors.ts";
import {
  type MarkedText,
  readFrontMatter,
  writeFrontMatter,
} from "../../core/memory/front-matter.ts";
import { LARGEST_MEMORY_BYTES, memoryPath } from "../../core/memory/memory-file.ts";
import { addTaints } from "../../core/taint/taint-source.ts";
import { markFileTainted } from "../filesystem/file-taint.ts";
import { folderToWrite } from "../filesystem/open-in-workspace.ts";
import { readText } from "../filesystem/read-file.ts";
import { replaceFile } from "../filesystem/replace-file.ts";
import { parseWorkspacePath, type WorkspacePath } from "../filesystem/workspace-path.ts";
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
    return await inTurn(join(workspace, path), async () => {
      const file = await readNotes(workspace, path);
      if (file.text.split("\n").includes(line)) return { text: `${path} says so already.` };
      const sources = taintedBy.length > 0 ? taintedBy : ["what others wrote"];
      const marked = {
        text: `${file.text === "" ? "" : `${file.text.trimEnd()}\n`}${line}\n`,
        taintedBy: isTainted ? addTaints(file.taintedBy, sources) : file.taintedBy,
      };
      // A program that reads it knows of no mark in the file.
      if (isTainted) await markFileTainted(workspace, path);
      await writeNotes(workspace, path, writeFrontMatter(marked));
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

async function writeNotes(workspace: string, path: WorkspacePath, text: string): Promise<void> {
  if (Buffer.byteLength(text) > LARGEST_MEMORY_BYTES)
    throw new AppError("too_large", `${path} is full. Ask a person to shorten it.`);
  const folder = await folderToWrite(workspace, path);
  await replaceFile(join(folder, basename(path)), text);
}

/** Whatever would begin a line of its own, or a mark of the file, becomes a space. */
function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}\u2028\u2029]+/gu, " ").trim();
}

const writing = new Map<string, Promise<unknown>>();

/** One after another for each file: of two that read it at once, one would undo the other. */
async function inTurn<T>(path: string, write: () => Promise<T>): Promise<T> {
  const before = writing.get(path) ?? Promise.resolve();
  const mine = before.catch(() => undefined).then(write);
  writing.set(path, mine);
  try {
    return await mine;
  } finally {
    if (writing.get(path) === mine) writing.delete(path);
  }
}
