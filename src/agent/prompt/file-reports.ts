import type { Log } from "../../core/log.ts";

const MOST_REMEMBERED = 1_000;

/** Says once of a file why it is not used, and again only when it was good or bad in another way in between. */
export interface FileReports {
  bad(path: string, why: string): void;
  good(path: string): void;
}

export function createFileReports(log: Log): FileReports {
  const told = new Map<string, string>();
  return {
    bad(path, why) {
      if (told.get(path) === why) return;
      if (told.size >= MOST_REMEMBERED) told.clear();
      told.set(path, why);
      log.write("warn", "a file that models are told is not used", { path, error: why });
    },
    good: (path) => void told.delete(path),
  };
}
