import type { Redactor } from "../core/redact.ts";

/** What a command gets to say how it ended. */
export interface CommandContext {
  /** 0 done, 1 failed, 2 used wrongly or badly configured; 0 unless the command says otherwise. */
  exitCode: 0 | 1 | 2;
  /** Knows the secrets of this process, once they are read; for the text of an error that ends it. */
  redactor?: Redactor;
}
