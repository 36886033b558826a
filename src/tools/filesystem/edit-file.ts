import { z } from "zod";
import { AppError } from "../../core/errors.ts";
import { defineTool, type Tool } from "../tool.ts";
import { markTainted } from "./file-taint.ts";
import { readText } from "./read-file.ts";
import { requireRoom, type ScratchLimits } from "./require-room.ts";
import { isScratch, parseWorkspacePath } from "./workspace-path.ts";
import { requireWritable } from "./write-file.ts";
import { writeInWorkspace } from "./write-in-workspace.ts";

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
    sensitivityOf: ({ path }) => (isScratch(parseWorkspacePath(path)) ? "read" : "write"),
    describe: ({ path }) => `Change a passage of ${path}`,
    async run({ path, old_text: before, new_text: after }, { workspace, isTainted }) {
      const inside = parseWorkspacePath(path);
      const text = await readText(workspace, inside);
      const parts = text.split(before);
      if (parts.length === 1) throw new AppError("not_found", `That passage is not in ${inside}.`);
      if (parts.length > 2)
        throw new AppError(
          "conflict",
          `That passage is in ${inside} ${parts.length - 1} times. Give more of what stands around it.`,
        );
      requireWritable(inside);
      const changed = parts.join(after);
      await requireRoom(workspace, inside, changed, limits);
      if (isTainted) await markTainted(workspace, inside);
      await writeInWorkspace(workspace, inside, changed);
      return { text: `Changed ${inside}.` };
    },
  });
}
