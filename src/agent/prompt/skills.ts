import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { LEARNED } from "../../core/memory/front-matter.ts";
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

/** What the agent has learned by itself lies so in its workspace, and nothing lies so elsewhere. */
const LEARNED_AS = /^skills\/common\/[^/]+\/SKILL\.md$/u;

/**
 * The skills of a place: its workspace's before those of all workspaces, those of the conversation before those of its
 * kind before common ones; of one name the first. `name.md`, or `name/SKILL.md` as skills are installed elsewhere. What
 * was learned comes after all that people wrote, and hides none of it.
 */
export async function readSkills(
  globalRoot: string,
  { workspace, contextId, isAdmin }: PromptPlace,
  reports: FileReports,
): Promise<readonly Skill[]> {
  const folders = [`contexts/${contextId}`, isAdmin ? "admin" : "public", "common"];
  const listed = await Promise.all([
    ...folders.map((folder) => listSkills(workspace, `skills/${folder}`)),
    ...folders.map((folder) => listSkills(globalRoot, folder)),
  ]);
  const found = new Map<string, FoundSkill>();
  const learned: FoundSkill[] = [];
  for (const one of listed.flat()) {
    const key = one.name.toLowerCase();
    const isWanted = found.size < MOST_SKILLS && !found.has(key);
    if (!isWanted && !LEARNED_AS.test(one.path)) continue;
    const read = await readSkill(one, reports);
    if (read?.isLearned === true) learned.push(read);
    else if (read !== undefined && isWanted) found.set(key, read);
  }
  for (const one of learned) takeLearned(found, one, reports);
  return [...found.values()].map(({ skill }) => skill);
}

interface FoundSkill {
  readonly skill: Skill;
  readonly file: string;
  readonly isLearned: boolean;
}

/** Of one name a person's is told, and the log says so. */
function takeLearned(found: Map<string, FoundSkill>, mine: FoundSkill, reports: FileReports): void {
  const key = mine.skill.name.toLowerCase();
  const theirs = found.get(key);
  if (theirs !== undefined) {
    reports.bad(mine.file, `it was learned, and ${theirs.file} has its name and goes before it`);
    return;
  }
  reports.good(mine.file);
  if (found.size < MOST_SKILLS) found.set(key, mine);
}

async function readSkill(
  { root, name, path }: ListedSkill,
  reports: FileReports,
): Promise<FoundSkill | undefined> {
  const read = await readBoundedFile(root, path, LARGEST_SKILL_BYTES);
  const file = join(root, path);
  const isLearned = LEARNED_AS.test(path) && read.kind === "text" && read.head.includes(LEARNED);
  if (read.kind === "bad") reports.bad(file, read.why);
  else if (!isLearned) reports.good(file);
  if (read.kind !== "text") return undefined;
  return { skill: { name, text: read.text.trim(), taintedBy: read.taintedBy }, file, isLearned };
}

interface ListedSkill {
  readonly root: string;
  readonly name: string;
  readonly path: string;
}

async function listSkills(root: string, folder: string): Promise<readonly ListedSkill[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
  return entries
    .filter(({ name }) => !name.startsWith("."))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .slice(0, MOST_ENTRIES)
    .flatMap((entry) => {
      if (entry.isDirectory())
        return [{ root, name: entry.name, path: `${folder}/${entry.name}/SKILL.md` }];
      if (!entry.name.endsWith(".md")) return [];
      return [{ root, name: entry.name.slice(0, -".md".length), path: `${folder}/${entry.name}` }];
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
