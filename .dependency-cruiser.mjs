import { MAY_IMPORT, MAY_IMPORT_TYPES } from "./layers.mjs";

const folders = (names) => ({ path: `^src/(${names.join("|")})/` });

/** Packages that only the folders `home` may import. Tests may: they look from outside. */
const packageStaysIn = (name, packages, home) => ({
  name,
  severity: "error",
  from: { path: "^src/", pathNot: `^src/(${home})/|\\.test\\.ts$` },
  to: { path: `node_modules/(${packages})/` },
});

export default {
  // What no line here allows is an error.
  allowed: [
    ...Object.entries(MAY_IMPORT).map(([from, to]) => ({
      from: folders([from]),
      to: folders([from, ...to]),
    })),
    ...Object.entries(MAY_IMPORT_TYPES).map(([from, to]) => ({
      from: folders([from]),
      to: { ...folders(to), dependencyTypes: ["type-only"] },
    })),
    { from: { path: "^src/main\\.ts$" }, to: folders(["cli"]) },
    { from: { path: "^web/" }, to: { path: "^(web/|src/(client|core)/)" } },
    { from: { path: "^(src|web)/.+\\.test\\.ts$|^test/" }, to: {} },
    { from: {}, to: { dependencyTypesNot: ["local"] } },
  ],
  allowedSeverity: "error",
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "no-test-code-in-production",
      severity: "error",
      from: { path: "^(src|web)/", pathNot: "\\.test\\.tsx?$" },
      to: { path: "\\.test\\.tsx?$|^test/" },
    },
    {
      name: "core-has-no-packages",
      severity: "error",
      from: { path: "^src/core/", pathNot: "\\.test\\.ts$" },
      to: { path: "node_modules/", pathNot: "node_modules/(zod|croner)/" },
    },
    {
      name: "core-does-no-io",
      severity: "error",
      from: { path: "^src/core/", pathNot: "\\.test\\.ts$" },
      to: { dependencyTypes: ["core"], pathNot: "^(node:)?crypto$" },
    },
    packageStaysIn(
      "sql-stays-in-store",
      "kysely|better-sqlite3|pg",
      "store|orchestrator/engines|qmd",
    ),
    packageStaysIn("hono-stays-in-http-api", "hono|@hono", "http-api"),
    packageStaysIn(
      "chat-sdks-stay-in-connectors",
      "grammy|discord\\.js|imapflow|nodemailer",
      "connectors",
    ),
  ],
  options: {
    // Without swc nothing of TypeScript 7 is seen, and "no violations" means nothing (test/architecture/layers.test.ts).
    parser: "swc",
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
  },
};
