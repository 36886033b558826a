import { expect, test } from "vitest";
import { openRuntime, openView } from "./open-console.ts";
import { eventually, prepareVisits } from "./visit-page.ts";

const { logIn } = prepareVisits();

test("a key is made, shown once, used and revoked", async () => {
  const t = await openRuntime();
  const { page, context, watched } = await logIn(await t.runtime.createLoginUrl());
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openView(page, "Keys");
  await page.getByText("There are no keys.").waitFor();
  await page.getByRole("button", { name: "New key…" }).click();
  const dialog = page.getByRole("dialog");
  await page.keyboard.type("build server");
  await dialog.getByLabel("Role").selectOption("viewer");
  await dialog.getByRole("button", { name: "Make the key" }).click();
  await dialog.getByText("This is the only time it is shown.").waitFor();
  const key = (await dialog.locator("code").textContent()) ?? "";
  await page.keyboard.press("Enter");
  await dialog.getByText("Copied.").waitFor();
  expect(await page.evaluate("navigator.clipboard.readText()")).toBe(key);

  await dialog.getByRole("button", { name: "Close" }).last().click();
  await dialog.waitFor({ state: "detached" });
  expect(await page.content()).not.toContain(key);
  expect(
    await page.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }])"),
  ).not.toContain(key);
  const inUse = page.getByRole("region", { name: "In use" });
  await inUse.getByText("build server").waitFor();
  await inUse.getByText("Never used").waitFor();
  await inUse.getByText(key.slice(0, 12)).waitFor();

  const ask = () => fetch(`${t.url}/api/v1/info`, { headers: { authorization: `Bearer ${key}` } });
  const answer = await ask();
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ user: { role: "viewer" } });
  await inUse.getByText("Used within the last two hours").waitFor();

  const other = await context.newPage();
  await other.goto(`${t.url}/#/keys`);
  await other.getByText("build server").waitFor();
  await page.getByRole("button", { name: /^Revoke build server/ }).click();
  await eventually(() => page.locator(":focus").textContent()).toBe("Cancel");
  await dialog.getByRole("button", { name: "Revoke" }).click();
  await page.getByText(/^The key build server .* is revoked\.$/).waitFor();
  expect((await ask()).status).toBe(401);
  for (const tab of [page, other]) {
    await tab.getByRole("region", { name: "Revoked" }).getByText("build server").waitFor();
  }
  expect(watched).toEqual({ foreignRequests: [], faults: [] });
});
