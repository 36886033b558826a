import type { Decision } from "../core/effect/commit.ts";
import type { AppError } from "../core/errors.ts";

/** It was not done, and the attempt itself leaves a trace: commit the decision all the same, then tell the error. */
export interface Refused extends Decision {
  readonly status: "refused";
  readonly error: AppError;
}

/** What was done. @throws AppError when it was refused; only after the decision was committed. */
export function unlessRefused<D extends { readonly status: string }>(done: D): Exclude<D, Refused> {
  if (isRefused(done)) throw done.error;
  return done as Exclude<D, Refused>;
}

function isRefused(done: { readonly status: string }): done is Refused {
  return done.status === "refused";
}
