import type { z } from "zod";

const MOST_SHOWN = 5;

/** Where in a file of the operator something is wrong, and what. */
export function describeIssues({ issues }: z.core.$ZodError): string {
  return issues
    .slice(0, MOST_SHOWN)
    .map(({ path, message }) => `${path.join(".") || "the file"}: ${message}`)
    .join("; ");
}
