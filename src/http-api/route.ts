import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import type { z } from "zod";
import type { Actor } from "../core/access/actor.ts";
import type { ModelRules } from "../core/access/model-rules.ts";
import type { Permission } from "../core/access/permission.ts";
import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import type { ToolClass } from "../core/tool/tool-facts.ts";
import type { Store } from "../store/store.ts";
import type { HttpApiPorts } from "./ports.ts";

export interface HttpEnv {
  Bindings: HttpBindings;
  Variables: { actor: Actor | undefined; requestId: string };
}

/** What route handlers work with. */
export interface HttpDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly ports: HttpApiPorts;
  /** Who may set the model to work. */
  readonly modelRules: ModelRules;
  /** Of these nobody approves what they asked for themselves. */
  readonly twoPersonClasses: readonly ToolClass[];
  readonly version: string;
  /** Where people reach the page, without a slash at the end: `http://127.0.0.1:8080`. */
  readonly publicUrl: () => string;
  readonly startedAtMs: number;
}

export interface RouteRequest<B, Q, P, H> {
  /** For cookies, headers and streams; answers are made with `context.json`. */
  readonly context: Context<HttpEnv>;
  readonly body: B;
  readonly query: Q;
  readonly params: P;
  /** Those the route declares, by their names in lower case. */
  readonly headers: H;
  /** Aborts when the client goes away or the service stops. */
  readonly signal: AbortSignal;
}

export interface RouteResponse {
  readonly description: string;
  readonly schema?: z.ZodType;
  /** Default `application/json`. */
  readonly contentType?: string;
}

interface RouteShape<B, Q, P, H> {
  readonly method: "get" | "post" | "delete";
  /** As in OpenAPI: `/api/v1/messages/{id}/explain`. */
  readonly path: string;
  readonly summary: string;
  readonly body?: z.ZodType<B>;
  readonly query?: z.ZodType<Q>;
  readonly params?: z.ZodType<P>;
  readonly headers?: z.ZodType<H>;
  readonly responses: Readonly<Record<number, RouteResponse>>;
}

interface ProtectedRoute<B, Q, P, H> extends RouteShape<B, Q, P, H> {
  readonly permission: Permission;
  handle(
    request: RouteRequest<B, Q, P, H> & { readonly actor: Actor },
    deps: HttpDeps,
  ): Promise<Response> | Response;
}

interface PublicRoute<B, Q, P, H> extends RouteShape<B, Q, P, H> {
  handle(request: RouteRequest<B, Q, P, H>, deps: HttpDeps): Promise<Response> | Response;
}

/** One operation of the API, its types forgotten: what the table of routes holds. */
export interface Route extends RouteShape<unknown, unknown, unknown, unknown> {
  /** `undefined`: anybody, without a key. */
  readonly permission: Permission | undefined;
  handle(
    request: RouteRequest<unknown, unknown, unknown, unknown> & {
      readonly actor: Actor | undefined;
    },
    deps: HttpDeps,
  ): Promise<Response> | Response;
}

/** A route for callers with a key whose role may do `permission`. */
export function route<B = undefined, Q = undefined, P = undefined, H = undefined>(
  definition: ProtectedRoute<B, Q, P, H>,
): Route {
  return definition as unknown as Route;
}

/** A route that answers without a key. */
export function publicRoute<B = undefined, Q = undefined, P = undefined, H = undefined>(
  definition: PublicRoute<B, Q, P, H>,
): Route {
  return { ...definition, permission: undefined } as unknown as Route;
}
