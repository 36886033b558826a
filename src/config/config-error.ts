import { AppError } from "../core/errors.ts";

/** Everything that is wrong with the configuration, at once. Holds no secret. */
export class ConfigError extends AppError {
  /** One sentence each: the variable, what is wrong, what to write. */
  readonly problems: readonly string[];

  /** `unknownNames`: what may be the cause, as sentences of their own behind the problems. */
  constructor(problems: readonly string[], unknownNames: readonly string[]) {
    const lines = [
      "The configuration cannot be used:",
      ...problems.map((problem) => `  - ${problem}`),
      ...unknownNames.map((warning) => `warning: ${warning}`),
    ];
    super("invalid_input", lines.join("\n"));
    this.name = "ConfigError";
    this.problems = problems;
  }
}
