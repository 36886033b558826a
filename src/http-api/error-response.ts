import type { z } from "zod";
import type { ErrorBody } from "../client/shapes/error.ts";
import { AppError, describeError, ERROR_POLICY, toAppError } from "../core/errors.ts";
import type { Log } from "../core/log.ts";

const MAX_ISSUES = 5;
const MAX_KEY_LENGTH = 60;

/** The answer to a failed request. What is not ours to show is replaced by a general sentence and goes to the log. */
export function errorResponse(thrown: unknown, log: Log, requestId?: string): Response {
  const error = toAppError(thrown);
  const policy = ERROR_POLICY[error.code];
  if (policy.httpStatus >= 500) {
    log.write(policy.logLevel, "http request failed", {
      requestId,
      code: error.code,
      error: describeError(error),
    });
  }
  const body: ErrorBody = { error: publicMessage(error), code: error.code };
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (error.code === "unauthenticated") headers["www-authenticate"] = "Bearer";
  return new Response(JSON.stringify(body), { status: policy.httpStatus, headers });
}

/** 405 with the methods that do work, `GET, HEAD`. */
export function methodNotAllowed(allowed: string, log: Log): Response {
  const response = errorResponse(
    new AppError("method_not_allowed", `This address takes ${allowed} only.`),
    log,
  );
  response.headers.set("allow", allowed);
  return response;
}

function publicMessage(error: AppError): string {
  return error.code === "internal" ? ERROR_POLICY.internal.reply : error.message;
}

/** `invalid_input` that names every bad key, five at most. */
export function invalidInput(error: z.ZodError): AppError {
  const issues = error.issues.slice(0, MAX_ISSUES).map(describeIssue);
  return new AppError("invalid_input", issues.join(" "));
}

function describeIssue(issue: z.core.$ZodIssue): string {
  if (issue.code === "unrecognized_keys") {
    return `Unknown ${issue.keys.length === 1 ? "key" : "keys"}: ${issue.keys.slice(0, MAX_ISSUES).map(shorten).join(", ")}.`;
  }
  const path = issue.path.map(String).map(shorten).join(".");
  if (isMissing(issue)) return `${path} is required.`;
  return `${path === "" ? "The body" : path}: ${sayWhatIsWanted(issue)}.`;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  int: "a whole number",
  number: "a number",
  string: "a string",
  boolean: "true or false",
  object: "a JSON object",
  array: "a list",
};

/** In plain words where the schema has none of its own. */
function sayWhatIsWanted(issue: z.core.$ZodIssue): string {
  const unit = "origin" in issue && issue.origin === "string" ? " characters" : "";
  switch (issue.code) {
    case "invalid_type":
      return `must be ${TYPE_NAMES[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return `must be ${issue.values.length > 1 ? "one of " : ""}${issue.values.map(String).join(", ")}`;
    case "too_big":
      return issue.message.startsWith("Too big")
        ? `must be at most ${issue.maximum}${unit}`
        : issue.message;
    case "too_small":
      return issue.message.startsWith("Too small")
        ? `must be at least ${issue.minimum}${unit}`
        : issue.message;
    default:
      return issue.message;
  }
}

function isMissing(issue: z.core.$ZodIssue): boolean {
  return (
    issue.path.length > 0 &&
    issue.code === "invalid_type" &&
    issue.message.endsWith("received undefined")
  );
}

function shorten(text: string): string {
  return text.length <= MAX_KEY_LENGTH ? text : `${text.slice(0, MAX_KEY_LENGTH)}…`;
}
