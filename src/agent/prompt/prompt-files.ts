import { basename, dirname, join } from "node:path";
import type { FileReports } from "./file-reports.ts";
import type { PromptHome, PromptPlace } from "./prompt-place.ts";
import { readBoundedFile } from "./read-bounded-file.ts";
import { readSkills, type Skill } from "./skills.ts";

const LARGEST_FILE_BYTES = 16_000;

/** One file of the operator's, whole. */
export interface PromptFile {
  /** Such as `system-prompt/workspace`. */
  readonly name: string;
  readonly kind: "system-prompt" | "soul" | "reasoning";
  readonly text: string;
  readonly taintedBy: readonly string[];
}

export interface PromptFiles {
  /** In the order in which they are told: from the widest to the narrowest of each kind. None takes another's place. */
  readonly layers: readonly PromptFile[];
  readonly skills: readonly Skill[];
}

/** Reads what operators wrote for this place, anew each time, so that a change holds from the next turn on. */
export async function readPromptFiles(
  home: PromptHome,
  place: PromptPlace,
  reports: FileReports,
): Promise<PromptFiles> {
  const read = await Promise.all(
    filesOf(home, place).map(async ({ folder, path, ...of }) => {
      const file = await readBoundedFile(folder, path, LARGEST_FILE_BYTES);
      if (file.kind === "bad") reports.bad(join(folder, path), file.why);
      else reports.good(join(folder, path));
      return file.kind === "text" ? [{ ...of, text: file.text, taintedBy: file.taintedBy }] : [];
    }),
  );
  return { layers: read.flat(), skills: await readSkills(home.skillsRoot, place, reports) };
}

interface FileToRead extends Pick<PromptFile, "name" | "kind"> {
  readonly folder: string;
  readonly path: string;
}

function filesOf(home: PromptHome, { workspace, contextId }: PromptPlace): readonly FileToRead[] {
  const three = (kind: "system-prompt" | "soul", file: string, name: string): FileToRead[] => [
    { kind, name: `${kind}/global`, folder: dirname(file), path: basename(file) },
    { kind, name: `${kind}/workspace`, folder: workspace, path: `context/${name}` },
    {
      kind,
      name: `${kind}/context`,
      folder: workspace,
      path: `context/agents/${contextId}/${name}`,
    },
  ];
  const { reasoningFile } = home;
  return [
    ...three("system-prompt", home.systemPromptFile, "SYSTEM_PROMPT.md"),
    ...three("soul", home.soulFile, "SOUL.md"),
    {
      kind: "reasoning",
      name: "reasoning",
      folder: dirname(reasoningFile),
      path: basename(reasoningFile),
    },
  ];
}
