/** What went wrong with a request: `unreachable` when no answer came, else the server's own code. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, status: number, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "ApiError";
    this.code = code;
    this.status = status;
  }
}

export function isUnauthenticated(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}

/** The server knows who asks and answered with an error: the connection is as it should be. */
export function isRefusal(error: unknown): boolean {
  return error instanceof ApiError && error.status >= 400 && error.status !== 401;
}

/** Nobody knows whether it was done. */
export function isUnanswered(error: unknown): boolean {
  return error instanceof ApiError && error.code === "unreachable";
}

/** Whether sending the very same request later can help. */
export function isWorthRetrying(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  return isUnanswered(error) || error.status === 429 || error.status >= 500;
}

/** The sentence shown to the person. */
export function sentenceFor(error: unknown): string {
  if (error instanceof ApiError) return error.message;
  return "Something went wrong on this page. Reload it.";
}
