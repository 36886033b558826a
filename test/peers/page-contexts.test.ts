import { expect, test } from "vitest";
import type { TestRuntime } from "../support/open-test-runtime.ts";
import { pairOwner } from "../support/pair-people.ts";
import { keyWithLink, openRuntime, openView } from "./open-console.ts";
import { eventually, prepareVisits, pressTabUntil } from "./visit-page.ts";

const { logIn } = prepareVisits();

/** A runtime with a group where an admin has set all there is. */
async function openGroup(): Promise<TestRuntime> {
  const t = await openRuntime({ telegram: true });
  const owner = await pairOwner(t);
  const group = t.telegram.group(-55, "Plans");
  const commands = ["/admin-channel enable hub", "/settings triage on", "/prompt set Be brief."];
  for (const command of [...commands, "/settings addressing all"]) {
    t.telegram.say(group, owner.user, command);
    await t.telegram.nextSent(({ chatId }) => chatId === -55);
  }
  return t;
}

test("a chat is moved into a new workspace, and every tab knows", async () => {
  const t = await openGroup();
  const { page, context, watched } = await logIn(await t.runtime.createLoginUrl());
  const other = await context.newPage();
  await other.goto(`${t.url}/#/contexts`);
  await openView(page, "Contexts");
  const chats = page.getByRole("region", { name: "Conversations" }).getByRole("listitem");
  const plans = chats.filter({ hasText: "Plans" });
  expect(await plans.textContent()).toMatch(
    /^Planshub.*telegram -55, group.*In the workspace Telegram: Plans.*all that paired people say · Triage is on · Has a prompt/su,
  );

  await page.getByRole("button", { name: "New workspace…" }).click();
  const dialog = page.getByRole("dialog");
  await page.keyboard.type("Support");
  await page.keyboard.press("Enter");
  await page.getByRole("status").getByText("The workspace Support is made.").waitFor();
  for (const tab of [page, other]) {
    const workspaces = tab.getByRole("region", { name: "Workspaces" });
    await workspaces.getByRole("listitem").filter({ hasText: "Support0 conv" }).waitFor();
  }
  await page.getByRole("button", { name: "New workspace…" }).click();
  await page.keyboard.type("SUPPORT");
  await page.keyboard.press("Enter");
  await dialog.getByRole("alert").getByText('a workspace called "Support" already').waitFor();
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "Move Plans" }).click();
  await dialog.getByRole("button", { name: "Move" }).click();
  await dialog.getByRole("alert").getByText("Choose a workspace.").waitFor();
  const field = dialog.getByLabel("Workspace");
  const support = await field.locator("option", { hasText: /^Support \(/ }).getAttribute("value");
  await field.selectOption(support);
  await dialog.getByRole("button", { name: "Move" }).click();
  await page.getByText("Plans is in Support now.").waitFor();
  await other
    .getByRole("listitem")
    .filter({ hasText: "In the workspace Support" })
    .getByText("Plans", { exact: true })
    .waitFor();
  const [row] = (await t.rows("contexts")).filter(({ title }) => title === "Plans");
  expect(row?.workspace_id).toBe(support);

  // Somebody's private chat does not go where another could read it.
  const key = await keyWithLink(t, "member");
  const [mine] = (await t.rows("contexts")).filter(
    ({ connector, kind }) => connector === "telegram" && kind === "private",
  );
  const [users, keys] = [await t.rows("users"), await t.rows("api_keys")];
  const theirs = users.find(({ id }) => id === keys.find((one) => one.id === key.id)?.user_id);
  await page.getByRole("button", { name: `Move ${mine?.title}` }).click();
  await field.locator(`option[value="${theirs?.workspace_id}"]`).waitFor({ state: "attached" });
  await field.selectOption(theirs?.workspace_id ?? "");
  await dialog.getByRole("button", { name: "Move" }).click();
  await dialog.getByRole("alert").getByText("This is a private chat").waitFor();
  expect(watched.foreignRequests).toEqual([]);
});

test("what is set in a chat is taken away by keyboard, and nothing else", async () => {
  const t = await openGroup();
  const { page } = await logIn(await t.runtime.createLoginUrl());
  await openView(page, "Contexts");
  const resets = page.getByRole("button", { name: /^Reset/ });
  await resets.waitFor();
  expect(await resets.count()).toBe(1);
  await pressTabUntil(page, /^Reset/);
  await page.keyboard.press("Enter");
  await eventually(() => page.locator(":focus").textContent()).toBe("Cancel");
  await pressTabUntil(page, /^Reset$/);
  await page.keyboard.press("Enter");
  await page.getByText("Nothing is set any more in Plans.").waitFor();
  await eventually(() => page.locator(":focus").getAttribute("id")).toBe("view-heading");
  await eventually(() => resets.count()).toBe(0);
  const [row] = (await t.rows("contexts")).filter(({ title }) => title === "Plans");
  expect(row).toMatchObject({ is_admin: 0, is_hub: 0, prompt: null, is_triaged: 0 });
});

test("an admin sees the conversations and may reset them, and moves none", async () => {
  const t = await openGroup();
  const { page } = await logIn((await keyWithLink(t, "admin")).link);
  await openView(page, "Contexts");
  await page.getByRole("button", { name: "Reset Plans" }).waitFor();
  expect(await page.getByRole("region").count()).toBe(1);
  expect(await page.getByRole("button", { name: /^(Move|New workspace)/ }).count()).toBe(0);
  const operator = await logIn((await keyWithLink(t, "operator")).link);
  await operator.page.goto(`${t.url}/#/contexts`);
  await operator.page.getByText("Contexts: your role does not open this view.").waitFor();
});
