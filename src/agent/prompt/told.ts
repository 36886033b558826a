import type { ModelMessage } from "ai";
import type { FileReports } from "./file-reports.ts";
import type { PromptHome } from "./prompt-place.ts";

/** What the operator chose about prompts. */
export interface PromptRules {
  readonly home: PromptHome;
  /** For conversations in which admins are told what happens, and for all others. */
  readonly adminPrompt: string;
  readonly publicPrompt: string;
  /** The most a request may take: instructions, tools, conversation. */
  readonly contextTokens: number;
  readonly reports: FileReports;
}

/** What a model is told with every call of a piece of work, beside what is done in it. */
export interface Told {
  readonly instructions: string;
  /** Of the layers of the instructions, save the time. */
  readonly promptDigest: string;
  /** What is told of what is told no more, and what others' words went into. */
  readonly preface: readonly ModelMessage[];
  /** Oldest first; the last is what is being answered. */
  readonly history: readonly ModelMessage[];
  /** Whose words are in all that, one line each. */
  readonly taintedBy: readonly string[];
}
