import type { MiddlewareHandler } from "hono";
import { newId } from "../core/ids.ts";
import type { HttpDeps, HttpEnv } from "./route.ts";

const REQUEST_ID_HEADER = "x-request-id";

/** Gives every request an id that its answer and its lines in the log have in common. Its query may be secret: not logged. */
export function traceRequest({
  clock,
  log,
}: Pick<HttpDeps, "clock" | "log">): MiddlewareHandler<HttpEnv> {
  return async (context, next) => {
    const requestId = newId("req");
    context.set("requestId", requestId);
    const startedMs = clock.monotonicMs();
    await next();
    context.res.headers.set(REQUEST_ID_HEADER, requestId);
    const { method, path } = context.req;
    const durationMs = Math.round(clock.monotonicMs() - startedMs);
    const { status } = context.res;
    log.write("debug", "http request", { requestId, method, path, status, durationMs });
  };
}
