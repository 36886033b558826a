import { AppError } from "../core/errors.ts";

/** Everything that is wrong with the configuration, at once. Holds no secret. */
export class ConfigError extends AppError {
  /** One sentence each: the variable, what is wrong, what to write. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    const head = "The configuration cannot be used:";
    super("invalid_input", [head, ...problems.map((problem) => `  - ${problem}`)].join("\n"));
    this.name = "ConfigError";
    this.problems = problems;
  }
}
