import type { Context, MiddlewareHandler } from "hono";
import type { Actor } from "../core/access/actor.ts";
import { AppError } from "../core/errors.ts";
import { isOwnOrigin } from "./check-origin.ts";
import type { HttpDeps, HttpEnv } from "./route.ts";
import { findSessionActor } from "./session-actor.ts";
import { readSessionCookie } from "./session-cookie.ts";

const READING_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD"]);

/** Refuses what a browser sends for another site: its Origin is not the host it asks. */
export function checkOrigin(allowedHosts: readonly string[]): MiddlewareHandler<HttpEnv> {
  return async (context, next) => {
    const origin = context.req.header("origin");
    if (
      origin !== undefined &&
      !isOwnOrigin(origin, context.req.header("host") ?? "", allowedHosts)
    ) {
      throw new AppError("access_denied", "This request comes from a page of another site.");
    }
    await next();
  };
}

/**
 * Finds out who calls, by bearer token or by the page's cookie. Without either only what `isPublic` names goes on:
 * everything else is 401, whether it exists or not.
 */
export function authenticateRequest(
  deps: HttpDeps,
  isPublic: (method: string, path: string) => boolean,
): MiddlewareHandler<HttpEnv> {
  return async (context, next) => {
    const method = context.req.method === "HEAD" ? "GET" : context.req.method;
    if (!isPublic(method, context.req.path)) {
      const caller = await identifyCaller(deps, context);
      if (
        caller.byCookie &&
        !READING_METHODS.has(method) &&
        context.req.header("origin") === undefined
      ) {
        throw new AppError(
          "access_denied",
          "A change made with the page's cookie needs the header Origin.",
        );
      }
      context.set("actor", caller.actor);
    }
    await next();
  };
}

interface Caller {
  readonly actor: Actor;
  readonly byCookie: boolean;
}

/** Who sent this request. @throws AppError `unauthenticated` */
export async function identifyCaller(deps: HttpDeps, context: Context<HttpEnv>): Promise<Caller> {
  const authorization = context.req.header("authorization");
  if (authorization !== undefined) {
    const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    const actor = token === undefined ? undefined : await deps.ports.authenticate(token);
    if (actor === undefined) throw new AppError("unauthenticated", "This key is not valid.");
    return { actor, byCookie: false };
  }
  const cookie = readSessionCookie(context);
  if (cookie === undefined)
    throw new AppError("unauthenticated", "Send your key as Authorization: Bearer <key>.");
  const actor = await findSessionActor(deps, cookie);
  if (actor === undefined) {
    throw new AppError(
      "unauthenticated",
      "This session has ended. Open a new link from `agent-runtime login`.",
    );
  }
  return { actor, byCookie: true };
}
