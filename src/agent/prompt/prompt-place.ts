/** Where the operator's own files lie, for every workspace. */
export interface PromptHome {
  readonly systemPromptFile: string;
  readonly soulFile: string;
  readonly reasoningFile: string;
  readonly skillsRoot: string;
}

/** Whose files are read. */
export interface PromptPlace {
  /** The folder of the workspace. */
  readonly workspace: string;
  readonly contextId: string;
  /** A conversation in which admins are told what happens. */
  readonly isAdmin: boolean;
}
