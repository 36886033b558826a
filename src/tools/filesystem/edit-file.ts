import { isUtf8 } from "node:buffer";
import { z } from "zod";
import { AppError } from "../../core/errors.ts";
import { defineTool, type Tool } from "../tool.ts";
import { hasMark } from "./file-taint.ts";
import { inTurn } from "./in-turn.ts";
import { readTextBytes } from "./read-file.ts";
import { requireRoom, type ScratchLimits } from "./require-room.ts";
import { parseWorkspacePath, type WorkspacePath } from "./workspace-path.ts";
import { requireWritable, sensitivityOfWriting } from "./write-file.ts";
import { writeMarked } from "./write-marked.ts";

export function editFileTool(limits: ScratchLimits): Tool {
  return defineTool({
    name: "edit_file",
    class: "filesystem",
    description:
      "Replaces a passage of a text file of the workspace. The passage must be there exactly once; take enough of its surroundings.",
    input: z.strictObject({
      path: z.string().min(1),
      old_text: z
        .string()
        .min(1)
        .describe("The passage as it stands, with every space and line break."),
      new_text: z.string(),
    }),
    effect: "write",
    timeLimitMs: 10_000,
    sensitivityOf: ({ path }) => sensitivityOfWriting(parseWorkspacePath(path)),
    describe: ({ path }) => `Change a passage of ${path}`,
    async run({ path, old_text: before, new_text: after }, { workspace, isTainted }) {
      const inside = parseWorkspacePath(path);
      await inTurn(workspace, inside, async () => {
        const isMarked = await hasMark(workspace, inside);
        const text = await readExactly(workspace, inside);
        requireWritable(inside);
        const changed = replaceOnce(inside, text, before, after);
        await requireRoom(workspace, inside, changed, limits);
        // What stays of others' words is theirs.
        await writeMarked(workspace, inside, { text: changed, isTainted: isTainted || isMarked });
      });
      return { text: `Changed ${inside}.` };
    },
  });
}

function replaceOnce(path: WorkspacePath, text: string, before: string, after: string): string {
  const parts = text.split(before);
  if (parts.length === 1) throw new AppError("not_found", `That passage is not in ${path}.`);
  if (parts.length > 2)
    throw new AppError(
      "conflict",
      `That passage is in ${path} ${parts.length - 1} times. Give more of what stands around it.`,
    );
  return parts.join(after);
}

/** Written back, every letter that could not be read would be lost. */
async function readExactly(workspace: string, inside: WorkspacePath): Promise<string> {
  const bytes = await readTextBytes(workspace, inside);
  if (isUtf8(bytes)) return bytes.toString("utf8");
  throw new AppError(
    "invalid_input",
    `${inside} is not UTF-8, and only that can be changed here. python_code can read it, and write a copy into scratch/.`,
  );
}
