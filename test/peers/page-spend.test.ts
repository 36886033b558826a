import { expect, test } from "vitest";
import { openRuntime, openView } from "./open-console.ts";
import { prepareVisits } from "./visit-page.ts";

const { logIn } = prepareVisits();

test("what was spent is shown, and stays true while work goes on", async () => {
  const t = await openRuntime();
  const { page, watched } = await logIn(await t.runtime.createLoginUrl());
  await openView(page, "Spend");
  await page
    .getByText(/^All work has cost \$0\.00 on \d{4}-\d\d-\d\d \(UTC\), in 0 calls/)
    .waitFor();
  const caps = page.getByRole("region", { name: "Caps" });
  await caps.getByText("$0.00 of $5.00").waitFor();
  await caps.getByText("$1.00", { exact: true }).waitFor();

  await t.api("POST", "/api/v1/chat", { text: "hello there", connector: "cli" });
  await page.getByText(/in 1 call of a model\.$/).waitFor();
  await page.getByRole("region", { name: "By model" }).getByText("offline").waitFor();
  await page.getByRole("region", { name: "By person or key" }).getByText("Owner").waitFor();
  expect(watched).toEqual({ foreignRequests: [], faults: [] });
});
