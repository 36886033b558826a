import { OpenAPIHono } from "@hono/zod-openapi";
import { errorBody } from "../client/shapes/error.ts";
import type { Route, RouteResponse } from "./route.ts";

type OpenApiDocument = ReturnType<OpenAPIHono["getOpenAPI31Document"]>;

const ERROR: RouteResponse = {
  description: "What went wrong and what to do, with a code.",
  schema: errorBody,
};

/** The description of the API, made from the table of routes. */
export function describeApi(routes: readonly Route[], version: string): OpenApiDocument {
  const { openAPIRegistry, getOpenAPI31Document } = new OpenAPIHono();
  openAPIRegistry.registerComponent("securitySchemes", "key", { type: "http", scheme: "bearer" });
  for (const route of routes) {
    openAPIRegistry.registerPath({
      method: route.method,
      path: route.path,
      summary: route.summary,
      ...(route.permission === undefined
        ? {}
        : { security: [{ key: [] }], description: `Needs: ${route.permission}.` }),
      request: {
        ...(route.params && { params: route.params as never }),
        ...(route.query && { query: route.query as never }),
        ...(route.headers && { headers: route.headers as never }),
        ...(route.body && {
          body: { required: true, content: { "application/json": { schema: route.body } } },
        }),
      },
      responses: Object.fromEntries([
        ...Object.entries(route.responses).map(
          ([status, response]) => [status, toResponse(response)] as const,
        ),
        ["default", toResponse(ERROR)] as const,
      ]),
    });
  }
  return getOpenAPI31Document({ openapi: "3.1.0", info: { title: "agent-runtime", version } });
}

function toResponse({ description, schema, contentType = "application/json" }: RouteResponse) {
  return { description, ...(schema && { content: { [contentType]: { schema } } }) };
}
