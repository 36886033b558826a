import { join } from "node:path";
import { createFileReports } from "../../src/agent/prompt/file-reports.ts";
import type { PromptRules } from "../../src/agent/prompt/told.ts";

/** Files of the operator in a directory, which may be there or not, and a small budget. */
export function promptRulesIn(directory: string): PromptRules {
  return {
    home: {
      systemPromptFile: join(directory, "context/SYSTEM_PROMPT.md"),
      soulFile: join(directory, "context/SOUL.md"),
      reasoningFile: join(directory, "context/REASONING.md"),
      skillsRoot: join(directory, "skills"),
    },
    adminPrompt: "",
    publicPrompt: "Be careful.",
    contextTokens: 12_000,
    reports: createFileReports({ write: () => undefined }),
  };
}
