import { expect, test } from "vitest";
import { ASK_ALL, approvalScene, WRITES } from "../support/approval-scene.ts";
import type { TestRuntime } from "../support/open-test-runtime.ts";
import { createScriptedModel } from "../support/scripted-model.ts";
import { openRuntime, openView } from "./open-console.ts";
import { prepareVisits } from "./visit-page.ts";

const { logIn } = prepareVisits();
let t: TestRuntime;
const { chat, parked, over, written } = approvalScene(() => t);

const open = () => openRuntime({ model: createScriptedModel(...WRITES), env: ASK_ALL });

test("what waits is shown whole and approved once; every tab tells of it", async () => {
  t = await open();
  await chat({ wait_seconds: 0 });
  const { id } = await parked();
  const { page, context, watched } = await logIn(await t.runtime.createLoginUrl());
  await page.getByRole("link", { name: "Approvals 1 waiting" }).waitFor();
  await openView(page, "Approvals");
  const other = await context.newPage();
  await other.goto(`${t.url}/#/approvals`);
  const waiting = page.getByRole("region", { name: "Open" });
  await waiting.getByText('"content": "hello"').waitFor();
  await waiting.getByText(id).waitFor();
  const which = "write_file: Write 5 characters to notes.md";
  await waiting.getByRole("button", { name: `Deny ${which}`, exact: true }).waitFor();
  await waiting.getByRole("button", { name: `Approve ${which}`, exact: true }).dblclick();
  await page.getByText("write_file is approved. The work goes on by itself.").waitFor();
  await over();
  expect(written()).toHaveLength(1);
  for (const tab of [page, other]) {
    const decided = tab.getByRole("region", { name: "Decided" });
    await decided.getByText(/^approved by .+, done$/u).waitFor();
    expect(await decided.getByRole("button").count()).toBe(0);
    await tab
      .getByRole("region", { name: "Open" })
      .getByText(/^Nothing waits/u)
      .waitFor();
    await tab.getByRole("link", { name: "Approvals", exact: true }).waitFor();
  }
  expect(watched).toEqual({ foreignRequests: [], faults: [] });
});

test("a call is denied with a reason", async () => {
  t = await open();
  await chat({ wait_seconds: 0 });
  await parked();
  const { page } = await logIn(await t.runtime.createLoginUrl());
  await openView(page, "Approvals");
  await page.getByRole("button", { name: "Deny" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill("not today");
  await dialog.getByRole("button", { name: "Deny" }).click();
  await page.getByText("write_file is denied. The work goes on without it.").waitFor();
  await page.getByRole("region", { name: "Decided" }).getByText("(not today)").waitFor();
  await over();
  expect(written()).toEqual([]);
});

test("a card shows all of a call on a phone, with nothing beyond its edge", async () => {
  const input = { path: "notes.md", content: `harmless ${"x".repeat(300)} and harmful` };
  t = await openRuntime({
    model: createScriptedModel({ callTool: "write_file", input }),
    env: ASK_ALL,
  });
  const { page } = await logIn(await t.runtime.createLoginUrl(), { width: 360 });
  await page.getByRole("textbox").first().fill("write it down");
  await page.keyboard.press("Enter");
  const shown = page.locator("pre", { hasText: "and harmful" });
  await shown.waitFor();
  const bounds = await shown.evaluate(({ scrollWidth, clientWidth }) => [scrollWidth, clientWidth]);
  expect(bounds[0]).toBe(bounds[1]);
});

test("a card in the conversation is decided there, and then says how", async () => {
  t = await open();
  const { page } = await logIn(await t.runtime.createLoginUrl());
  await page.getByRole("textbox").first().fill("write it down");
  await page.keyboard.press("Enter");
  await parked();
  await page.getByRole("button", { name: "Approve" }).dblclick();
  await over();
  await page.getByText("That is all.", { exact: true }).waitFor();
  await page
    .getByText(/^Approved by/u)
    .first()
    .waitFor();
  await page.getByRole("button", { name: "Approve" }).waitFor({ state: "detached" });
  expect(written()).toHaveLength(1);
  expect(await t.rows("approvals")).toMatchObject([{ state: "approved" }]);
});
