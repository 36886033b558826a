import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { FileReports } from "./file-reports.ts";
import type { PromptPlace } from "./prompt-place.ts";
import { readBoundedFile } from "./read-bounded-file.ts";

const LARGEST_SKILL_BYTES = 16_000;
/** Of one folder; there may be more, and they are not looked at. */
const MOST_ENTRIES = 200;
const MOST_SKILLS = 50;

/** How something is done here, written down by operators or learned. */
export interface Skill {
  readonly name: string;
  readonly text: string;
  readonly taintedBy: readonly string[];
}

/**
 * The skills of a place: its workspace's before those of all workspaces, those of the conversation before those of its
 * kind before common ones; of one name the first. `name.md`, or `name/SKILL.md` as skills are installed elsewhere.
 */
export async function readSkills(
  globalRoot: string,
  { workspace, contextId, isAdmin }: PromptPlace,
  reports: FileReports,
): Promise<readonly Skill[]> {
  const folders = [`contexts/${contextId}`, isAdmin ? "admin" : "public", "common"];
  const places = [
    ...folders.map((folder) => ({ root: workspace, folder: `skills/${folder}` })),
    ...folders.map((folder) => ({ root: globalRoot, folder })),
  ];
  const found = new Map<string, Skill>();
  for (const place of places) {
    for (const listed of await listSkills(place.root, place.folder)) {
      if (found.size >= MOST_SKILLS) return [...found.values()];
      const key = listed.name.toLowerCase();
      const skill = found.get(key) ?? (await readSkill(place.root, listed, reports));
      if (skill !== undefined) found.set(key, skill);
    }
  }
  return [...found.values()];
}

async function readSkill(
  root: string,
  { name, path }: { readonly name: string; readonly path: string },
  reports: FileReports,
): Promise<Skill | undefined> {
  const file = await readBoundedFile(root, path, LARGEST_SKILL_BYTES);
  if (file.kind === "bad") reports.bad(join(root, path), file.why);
  else reports.good(join(root, path));
  if (file.kind !== "text") return undefined;
  return { name, text: file.text.trim(), taintedBy: file.taintedBy };
}

async function listSkills(root: string, folder: string) {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
  return entries
    .filter(({ name }) => !name.startsWith("."))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .slice(0, MOST_ENTRIES)
    .flatMap((entry) => {
      if (entry.isDirectory())
        return [{ name: entry.name, path: `${folder}/${entry.name}/SKILL.md` }];
      if (!entry.name.endsWith(".md")) return [];
      return [{ name: entry.name.slice(0, -".md".length), path: `${folder}/${entry.name}` }];
    });
}

/** How much each has to do with what was asked: in how many of its words it speaks of it. */
export function relevanceOf(skill: Skill, question: string): number {
  const words = wordsOf(`${skill.name} ${skill.text}`);
  return [...wordsOf(question)].filter((word) => words.has(word)).length;
}

function wordsOf(text: string): ReadonlySet<string> {
  return new Set((text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter((w) => w.length > 2));
}
