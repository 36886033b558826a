import { constants, type Dirent } from "node:fs";
import { lstat, open, readdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { AppError } from "../../core/errors.ts";
import { sizeInWords } from "../../core/size-in-words.ts";
import { defineTool } from "../tool.ts";
import { taintOfNames } from "./file-taint.ts";
import { parseWorkspacePath } from "./workspace-path.ts";

const MOST_LISTED = 500;

export const listFilesTool = defineTool({
  name: "list_files",
  class: "filesystem",
  description: "Lists a folder of the workspace: folders end with a slash, files have their size.",
  input: z.strictObject({
    path: z
      .string()
      .default("")
      .describe("Relative to the workspace. Empty: the workspace itself."),
  }),
  effect: "read",
  timeLimitMs: 10_000,
  sensitivityOf: () => "read",
  describe: ({ path }) => `List ${path || "the workspace"}`,
  async run({ path }, { workspace }) {
    const inside = parseWorkspacePath(path);
    const folder = await findFolder(workspace, inside);
    const all = folder === undefined ? [] : await readdir(folder, { withFileTypes: true });
    if (folder === undefined || all.length === 0) return { text: "The folder is empty." };
    const entries = all.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const lines = await Promise.all(
      entries.slice(0, MOST_LISTED).map((entry) => describeEntry(folder, entry)),
    );
    const rest = entries.length - lines.length;
    return {
      text: [
        ...lines,
        ...(rest > 0 ? [`… and ${rest} more, which run_command shows with ls`] : []),
      ].join("\n"),
      taintedBy: await taintOfNames(
        workspace,
        inside,
        entries.slice(0, MOST_LISTED).map(({ name }) => name),
      ),
    };
  },
});

/** `undefined`: of a workspace in which nobody has written yet. @throws AppError when it is not there, no folder, or behind a link. */
async function findFolder(workspace: string, path: string): Promise<string | undefined> {
  const root = await realpath(workspace).catch(() => undefined);
  if (root === undefined && path === "") return undefined;
  if (root === undefined) throw new AppError("not_found", `There is no folder ${path}.`);
  const folder = join(root, path);
  const flags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
  const handle = await open(folder, flags).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") throw new AppError("not_found", `There is no folder ${path}.`);
    throw new AppError("invalid_input", `${path} is no folder.`);
  });
  await handle.close();
  if ((await realpath(folder)) !== folder)
    throw new AppError("invalid_input", `${path} is behind a link, which is not followed.`);
  return folder;
}

/** Names are what somebody chose: quoted, on one line. */
async function describeEntry(folder: string, entry: Dirent): Promise<string> {
  const name = JSON.stringify(entry.name);
  if (entry.isDirectory()) return `${name.slice(0, -1)}/"`;
  if (!entry.isFile()) return `${name} (a link or device)`;
  const { size } = await lstat(join(folder, entry.name)).catch(() => ({ size: 0 }));
  return `${name} ${sizeInWords(size)}`;
}
