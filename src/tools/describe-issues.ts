import type { z } from "zod";

const MOST_SHOWN = 5;

/** Where in a file of the operator, or in what a model gave, something is wrong, and what. */
export function describeIssues({ issues }: z.core.$ZodError, whole = "the file"): string {
  return issues
    .slice(0, MOST_SHOWN)
    .map((issue) => `${issue.path.join(".") || whole}: ${messageOf(issue)}`)
    .join("; ");
}

/** Of a name that is none, what is wrong with the name. */
function messageOf(issue: z.core.$ZodIssue): string {
  return issue.code === "invalid_key" ? (issue.issues[0]?.message ?? "") : issue.message;
}
