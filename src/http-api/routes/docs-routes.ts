import { DOCS_POLICY, renderDocsPage } from "../docs-page.ts";
import { publicRoute, type Route } from "../route.ts";

/** The description of the API, of itself too: `listRoutes` gives the whole table. */
export function docsRoutes(listRoutes: () => readonly Route[]): readonly Route[] {
  return [
    publicRoute({
      method: "get",
      path: "/docs",
      summary: "This list, to read in a browser.",
      responses: { 200: { description: "A page.", contentType: "text/html" } },
      handle: (_request, { version }) =>
        new Response(renderDocsPage(listRoutes(), version), {
          headers: {
            "content-type": "text/html; charset=utf-8",
            "content-security-policy": DOCS_POLICY,
          },
        }),
    }),
    publicRoute({
      method: "get",
      path: "/openapi.json",
      summary: "This API as an OpenAPI 3.1 document.",
      responses: { 200: { description: "The document." } },
      async handle({ context }, { version }) {
        const { describeApi } = await import("../openapi-document.ts");
        return context.json(describeApi(listRoutes(), version));
      },
    }),
  ];
}
