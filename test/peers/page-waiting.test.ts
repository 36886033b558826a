import { expect, test } from "vitest";
import { openRuntime, openView } from "./open-console.ts";
import { eventually, prepareVisits } from "./visit-page.ts";

const { logIn } = prepareVisits();

test("a request that ran out leaves the list by itself", async () => {
  const t = await openRuntime();
  const { page } = await logIn(await t.runtime.createLoginUrl());
  await openView(page, "People");
  await t.api("POST", "/api/v1/pairings/start", {
    connector: "telegram",
    connector_user_id: "2002",
    display_name: "Ann",
    expires_in_sec: 15,
  });
  await page.getByText("telegram 2002").waitFor();
  await page.getByText(/0:(?:0[1-9]|1[0-5]) left/).waitFor();
  await page.getByText("Nobody is waiting.").waitFor({ timeout: 30_000 });
  await page.getByRole("link", { name: "People", exact: true }).waitFor();
});

test("however many wait, the page says that there are more and shows them", async () => {
  const t = await openRuntime();
  for (let n = 1; n <= 51; n += 1) {
    const body = { connector: "telegram", connector_user_id: `${n}`, display_name: "Ann" };
    await t.api("POST", "/api/v1/pairings/start", body);
  }
  const { page } = await logIn(await t.runtime.createLoginUrl());
  await page.getByRole("link", { name: "People 50+ waiting" }).waitFor();
  await openView(page, "People");
  const region = page.getByRole("region", { name: "Waiting to be let in" });
  await eventually(() => region.getByRole("listitem").count()).toBe(50);
  expect(await region.getByRole("listitem").first().textContent()).toMatch(/Asked at \d+:\d\d/);
  await region.getByRole("button", { name: "Show more" }).click();
  await eventually(() => region.getByRole("listitem").count()).toBe(51);
  await page.getByRole("link", { name: "People 51 waiting" }).waitFor();
  expect(await region.getByRole("button", { name: "Show more" }).count()).toBe(0);
});
