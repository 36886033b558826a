import { existsSync } from "node:fs";

const PAGE = new URL("../../web/dist/index.html", import.meta.url);

/** Without their neighbours these tests would pass by finding nothing to do. */
export function setup(): void {
  if (!process.env["AGENT_RUNTIME_TEST_POSTGRES_URL"]) {
    throw new Error("These tests need their neighbours. Run them by: make test-peers");
  }
  if (!existsSync(PAGE)) {
    throw new Error("The page is not built: it would never let anybody in. Run: make build");
  }
}
