import { Hono, type MiddlewareHandler } from "hono";
import { AppError } from "../core/errors.ts";
import { type ListenAddress, localUrl } from "../core/listen-address.ts";
import type { Service } from "../core/service.ts";
import { authenticateRequest, checkOrigin } from "./authenticate-request.ts";
import { errorResponse, methodNotAllowed } from "./error-response.ts";
import { type HttpServer, listen } from "./http-server.ts";
import { mountRoutes } from "./mount-routes.ts";
import type { HttpDeps, HttpEnv } from "./route.ts";
import { ROUTES } from "./routes.ts";
import { COMMON_HEADERS, DATA_POLICY } from "./security-headers.ts";
import { createPage, type Page } from "./serve-page.ts";
import { traceRequest } from "./trace-request.ts";

export interface HttpApiOptions extends Omit<HttpDeps, "publicUrl" | "startedAtMs"> {
  readonly address: ListenAddress;
  /** Any address but loopback needs this. */
  readonly allowRemote: boolean;
  /** Host names besides the loopback ones under which this service is asked. */
  readonly allowedHosts: readonly string[];
  /** How many connections may be open over the whole server; 2,000 unless it is given. */
  readonly maxConnections?: number;
  /** The built page: a directory with `index.html` and `assets/`. */
  readonly pageDirectory: string;
}

export interface HttpApi extends Service {
  /** Where it is reached, `http://127.0.0.1:8080`. @throws before `start` has settled. */
  url(): string;
}

/** The HTTP API and the page, on one address. */
export function createHttpApi(options: HttpApiOptions): HttpApi {
  let server: HttpServer | undefined;
  let bound: ListenAddress | undefined;
  let stopping = new AbortController();
  const url = (): string => {
    if (bound === undefined) throw new AppError("unavailable", "The HTTP API has not started.");
    return localUrl(bound);
  };
  const app = createApp(
    { ...options, publicUrl: url, startedAtMs: options.clock.now() },
    options,
    () => stopping.signal,
  );
  return {
    name: "http-api",
    url,
    async start() {
      stopping = new AbortController();
      server = await listen({
        ...options,
        fetch: (request, env) => app.fetch(request, env as object),
      });
      bound = server.bound;
    },
    async stop() {
      stopping.abort(new AppError("unavailable", "The service is stopping."));
      const open = server;
      server = undefined;
      await open?.close();
    },
  };
}

function createApp(
  deps: HttpDeps,
  options: HttpApiOptions,
  stopping: () => AbortSignal,
): Hono<HttpEnv> {
  const page = createPage(options.pageDirectory);
  const publicRoutes = new Set(
    ROUTES.filter((route) => route.permission === undefined).map(
      (route) => `${route.method.toUpperCase()} ${route.path}`,
    ),
  );
  const app = new Hono<HttpEnv>();
  app.onError((error, context) => errorResponse(error, deps.log, context.get("requestId")));
  app.notFound(() =>
    errorResponse(
      new AppError("not_found", "There is nothing at this address. See /docs."),
      deps.log,
    ),
  );
  app.use(traceRequest(deps));
  app.use(addSecurityHeaders);
  app.use(checkOrigin(options.allowedHosts));
  app.use(async (context, next) => {
    const isReading = context.req.method === "GET" || context.req.method === "HEAD";
    const found = isReading ? await findPageFile(page, context.req.path) : undefined;
    if (found === undefined) await next();
    return found;
  });
  app.use(authenticateRequest(deps, (method, path) => publicRoutes.has(`${method} ${path}`)));
  mountRoutes(app, ROUTES, deps, stopping);
  app.all("/", () => methodNotAllowed("GET, HEAD", deps.log));
  return app;
}

async function findPageFile(page: Page, path: string): Promise<Response | undefined> {
  return path === "/" ? await page.serveIndex() : await page.serveAsset(path);
}

const addSecurityHeaders: MiddlewareHandler<HttpEnv> = async (context, next) => {
  await next();
  const { headers } = context.res;
  for (const [name, value] of Object.entries(COMMON_HEADERS)) headers.set(name, value);
  if (!headers.has("content-security-policy")) headers.set("content-security-policy", DATA_POLICY);
  if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
};
