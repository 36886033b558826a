/** One finding of the doctor: what was looked at, what was seen, and what to do when it is not well. */
export interface Check {
  readonly name: string;
  readonly state: "ok" | "warn" | "fail";
  /** One sentence or phrase for a person; no secret. */
  readonly detail: string;
}

export const ok = (name: string, detail: string): Check => ({ name, state: "ok", detail });
export const warn = (name: string, detail: string): Check => ({ name, state: "warn", detail });
export const fail = (name: string, detail: string): Check => ({ name, state: "fail", detail });
