import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { toIso } from "../../core/clock.ts";
import { AppError } from "../../core/errors.ts";
import { LEARNED, readHead } from "../../core/memory/front-matter.ts";
import { taintOf } from "../filesystem/file-taint.ts";
import { inTurn } from "../filesystem/in-turn.ts";
import { readText } from "../filesystem/read-file.ts";
import { parseWorkspacePath, type WorkspacePath } from "../filesystem/workspace-path.ts";
import { writeMarked } from "../filesystem/write-marked.ts";
import { defineTool, type Tool, type ToolScene } from "../tool.ts";

/** With its head it stays below what is read of a skill. */
const LARGEST_SKILL_BYTES = 15_000;
const HEAD = /^---\n[\s\S]*?\n---\n/u;

export interface LearnDeps {
  /** Where the operator's skills for all workspaces are. */
  readonly skillsRoot: string;
}

/**
 * Writes down how something is done here, for all later conversations of the workspace. What was there before is kept as
 * an earlier version; what a person wrote is theirs to change.
 */
export function learnSkillTool({ skillsRoot }: LearnDeps): Tool {
  return defineTool({
    name: "learn_skill",
    class: "admin",
    description:
      "Writes a skill: how something is done here, step by step, for later conversations of this workspace. A skill of the same name that was learned before is replaced by it, and kept as an earlier version.",
    input: z.strictObject({
      name: z
        .string()
        .regex(
          /^[a-z0-9][a-z0-9-]{0,63}$/,
          "lower case letters, digits and hyphens, such as weekly-report",
        ),
      content: z
        .string()
        .trim()
        .min(1)
        .refine(
          (text) => Buffer.byteLength(text) <= LARGEST_SKILL_BYTES,
          `${LARGEST_SKILL_BYTES} bytes at most`,
        )
        .refine((text) => !text.startsWith("---"), "plain Markdown: its head is written for you"),
    }),
    effect: "write",
    timeLimitMs: 10_000,
    sensitivityOf: () => "guarded",
    describe: ({ name, content }) => `Learn the skill ${name}:\n${content}`,
    async run({ name, content }, scene) {
      if (await isTaken(skillsRoot, scene, name)) throw theirs(name);
      const path = parseWorkspacePath(`skills/common/${name}/SKILL.md`);
      const text = await inTurn(scene.workspace, path, () => learn(scene, path, name, content));
      return { text };
    },
  });
}

async function learn(
  scene: ToolScene,
  path: WorkspacePath,
  name: string,
  content: string,
): Promise<string> {
  const { workspace, isTainted } = scene;
  const before = await readIfThere(workspace, path);
  const version = before === undefined ? 0 : versionOf(before, name);
  if (before?.replace(HEAD, "").trim() === content) return `${path} says so already.`;
  if (before !== undefined) await keepVersion(scene, name, version, before);
  const text = `${headOf(name, version + 1, scene)}\n\n${content}\n`;
  // The name, of its folder, is the run's choice, too.
  const folders = [parseWorkspacePath(dirname(path))];
  await writeMarked(workspace, path, { text, isTainted, folders });
  return `Learned ${name}, version ${version + 1}, in ${path}.`;
}

/** Whether a skill of a person has that name, which would hide what is learned, or be hidden by it. */
async function isTaken(
  skillsRoot: string,
  { workspace, contextId }: ToolScene,
  name: string,
): Promise<boolean> {
  const kinds = [`contexts/${contextId}`, "admin", "public"];
  const roots = [...kinds, "common"].map((kind) => join(skillsRoot, kind));
  const [own, ...others] = await Promise.all(
    [
      join(workspace, "skills/common"),
      ...kinds.map((kind) => join(workspace, "skills", kind)),
      ...roots,
    ].map((folder) => readdir(folder).catch(() => [])),
  );
  // Names count whatever their case; a folder of this very name is what was learned before.
  const spells = (entry: string) => [name, `${name}.md`].includes(entry.toLowerCase());
  return (own ?? []).some((one) => one !== name && spells(one)) || others.flat().some(spells);
}

function headOf(name: string, version: number, scene: ToolScene): string {
  const { runId, now, isTainted, taintedBy } = scene;
  const sources = taintedBy.length > 0 ? taintedBy : ["what others wrote"];
  return [
    "---",
    `name: ${name}`,
    LEARNED,
    `version: ${version}`,
    `run: ${runId}`,
    `written_at: ${toIso(now)}`,
    ...(isTainted ? [`tainted_by: ${JSON.stringify(sources)}`] : []),
    "---",
  ].join("\n");
}

/** @throws AppError when a person wrote it. */
function versionOf(file: string, name: string): number {
  const lines = readHead(file);
  const version = lines.find((line) => /^version: \d{1,9}$/u.test(line))?.slice("version: ".length);
  if (!lines.includes(LEARNED) || version === undefined) throw theirs(name);
  return Number(version);
}

/** A version is kept once: of two that learn it at the same time, the second is told. */
async function keepVersion(
  { workspace }: ToolScene,
  name: string,
  version: number,
  text: string,
): Promise<void> {
  const folder = `skills/common/${name}`;
  const path = parseWorkspacePath(`${folder}/versions/${version}.md`);
  const kept = await readIfThere(workspace, path);
  if (kept === text) return;
  if (kept !== undefined)
    throw new AppError("conflict", `${name} was changed at the same time. Look at it again.`);
  const taint = await taintOf(workspace, parseWorkspacePath(`${folder}/SKILL.md`));
  await writeMarked(workspace, path, { text, isTainted: taint !== undefined });
}

async function readIfThere(workspace: string, path: string): Promise<string | undefined> {
  try {
    return await readText(workspace, parseWorkspacePath(path));
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") return undefined;
    throw error;
  }
}

function theirs(name: string): AppError {
  return new AppError(
    "access_denied",
    `A person wrote the skill ${name}. Take another name, or ask them to change it.`,
  );
}
