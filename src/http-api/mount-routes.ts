import type { Context, Hono } from "hono";
import { z } from "zod";
import { requirePermission } from "../core/access/require-permission.ts";
import { AppError } from "../core/errors.ts";
import { invalidInput, methodNotAllowed } from "./error-response.ts";
import { readJsonBody } from "./read-json-body.ts";
import type { HttpDeps, HttpEnv, Route, RouteRequest } from "./route.ts";

const NO_QUERY = z.strictObject({});

/** Puts every route into the app: permission, then input, then the handler; other methods of its path are 405. */
export function mountRoutes(
  app: Hono<HttpEnv>,
  routes: readonly Route[],
  deps: HttpDeps,
  stopping: () => AbortSignal,
): void {
  const methodsOf = new Map<string, string[]>();
  for (const route of routes) {
    const path = route.path.replaceAll(/\{(\w+)\}/g, ":$1");
    const methods = route.method === "get" ? ["GET", "HEAD"] : [route.method.toUpperCase()];
    methodsOf.set(path, [...(methodsOf.get(path) ?? []), ...methods]);
    app.on(route.method.toUpperCase(), path, (context) => runRoute(route, context, deps, stopping));
  }
  for (const [path, methods] of methodsOf) {
    const allowed = methods.sort().join(", ");
    app.all(path, () => methodNotAllowed(allowed, deps.log));
  }
}

async function runRoute(
  route: Route,
  context: Context<HttpEnv>,
  deps: HttpDeps,
  stopping: () => AbortSignal,
): Promise<Response> {
  const actor = context.get("actor");
  if (route.permission !== undefined) {
    if (actor === undefined)
      throw new AppError("unauthenticated", "Send your key as Authorization: Bearer <key>.");
    requirePermission(actor.role, route.permission);
  }
  const input = await readInput(route, context);
  const signal = AbortSignal.any([context.req.raw.signal, stopping()]);
  return await route.handle({ context, actor, signal, ...input }, deps);
}

async function readInput(
  route: Route,
  context: Context<HttpEnv>,
): Promise<
  Pick<RouteRequest<unknown, unknown, unknown, unknown>, "params" | "query" | "headers" | "body">
> {
  const querySchema = route.query ?? (route.permission === undefined ? undefined : NO_QUERY);
  return {
    params: route.params && parse(route.params, context.req.param()),
    query: querySchema && parse(querySchema, readQuery(context)),
    headers: route.headers && parse(route.headers, context.req.header()),
    body: route.body && parse(route.body, await readJsonBody(context.req.raw)),
  };
}

function readQuery(context: Context<HttpEnv>): Record<string, string> {
  const values = Object.entries(context.req.queries());
  const repeated = values.find(([, all]) => all.length > 1);
  if (repeated !== undefined)
    throw new AppError("invalid_input", `${repeated[0].slice(0, 60)} is given more than once.`);
  return Object.fromEntries(values.map(([key, all]) => [key, all[0] ?? ""]));
}

function parse<T>(schema: z.ZodType<T>, input: unknown): T {
  const result = schema.safeParse(input);
  if (!result.success) throw invalidInput(result.error);
  return result.data;
}
