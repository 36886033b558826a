import { expect, test } from "vitest";
import { addPerson, pairOwner } from "../support/pair-people.ts";
import { createScriptedModel } from "../support/scripted-model.ts";
import { keyWithLink, openRuntime } from "./open-console.ts";
import { takeScreenshot } from "./open-page.ts";
import { prepareVisits } from "./visit-page.ts";

const { logIn } = prepareVisits();

test("what a stranger reported waits on the page until somebody says what it is", async () => {
  const t = await openRuntime({
    telegram: true,
    model: createScriptedModel({ text: "Oiled it." }),
  });
  const owner = await pairOwner(t);
  const group = t.telegram.group(-55, "Garden");
  t.telegram.say(group, owner.user, "/settings triage on");
  await t.telegram.nextSent(({ text }) => text.startsWith("That holds from the next message on."));
  const eve = addPerson(t, 6666, "Eve");
  t.telegram.say(group, eve.user, "The gate is broken");
  t.telegram.say(group, eve.user, "My neighbour has a problem");

  const { page, watched } = await logIn(await t.runtime.createLoginUrl());
  await page.getByRole("button", { name: /^Tasks/ }).click();
  const panel = page.getByRole("complementary");
  await panel.getByRole("button", { name: /The gate is broken Blocked/ }).click();
  await panel.getByText("It waits until somebody says what it is").waitFor();
  await panel.getByRole("button", { name: "Route…" }).click();
  const dialog = page.getByRole("dialog");
  expect(await dialog.getByLabel("Class").inputValue()).toBe("issue");
  await dialog.getByLabel("Due in").fill("soon");
  await dialog.getByRole("button", { name: "Route and start" }).click();
  await dialog.getByRole("alert").waitFor();
  await takeScreenshot(page, "route");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  // Escape closed the dialog, not the task behind it.
  await panel.getByRole("button", { name: "Route…" }).click();
  await dialog.getByLabel("Priority").selectOption("p1");
  await dialog.getByLabel("Due in").fill("2h");
  await dialog.getByRole("button", { name: "Route and start" }).click();
  // What is answered to a stranger's words in a group, an admin reads first.
  const { id } = await t.row("approvals", ({ state }) => state === "pending");
  await t.api("POST", `/api/v1/approvals/${id}/decision`, { approved: true });
  await panel.getByText("Oiled it.").waitFor();
  await panel.getByText("p1: urgent").waitFor();

  await page.getByRole("button", { name: "Back to all tasks" }).click();
  await panel.getByRole("button", { name: /My neighbour has a problem Blocked/ }).click();
  await panel.getByRole("button", { name: "Route…" }).click();
  await dialog.getByLabel("Class").selectOption("noise");
  await dialog.getByRole("button", { name: "Cancel the task" }).click();
  await panel.getByText("Cancelled", { exact: true }).waitFor();
  expect(await panel.getByRole("button", { name: "Route…" }).count()).toBe(0);
  expect(watched).toEqual({ foreignRequests: [], faults: [] });
});

test("who may not route is not offered it", async () => {
  const t = await openRuntime({ model: createScriptedModel({ hangAfter: "Working on it" }) });
  for (const [role, offered] of [
    ["member", 0],
    ["operator", 1],
  ] as const) {
    const { link, key } = await keyWithLink(t, role);
    await t.api(
      "POST",
      "/api/v1/tasks",
      { prompt: "Never end" },
      { authorization: `Bearer ${key}` },
    );
    const { page } = await logIn(link);
    await page.getByRole("button", { name: /^Tasks/ }).click();
    await page.getByRole("button", { name: /^Never end Running/ }).click();
    await page.getByRole("region", { name: "Task" }).getByText("p2: normal").waitFor();
    expect(await page.getByRole("button", { name: "Route…" }).count()).toBe(offered);
  }
});

test("a task whose time has passed is marked in the list and where it is open", async () => {
  const t = await openRuntime({ model: createScriptedModel({ hangAfter: "Working on it" }) });
  await t.api("POST", "/api/v1/tasks", { prompt: "Late already", due_at_unix: 1 });
  await t.api("POST", "/api/v1/tasks", { prompt: "In good time" });
  const { page, watched } = await logIn(await t.runtime.createLoginUrl());
  await page.getByRole("button", { name: /^Tasks/ }).click();
  const panel = page.getByRole("complementary");
  await panel.getByRole("button", { name: /In good time Running/ }).waitFor();
  expect(await panel.getByText("Overdue", { exact: true }).count()).toBe(1);
  await panel.getByRole("button", { name: /Late already Running ?Overdue/ }).click();
  await page.getByRole("region", { name: "Task" }).getByText("Overdue", { exact: true }).waitFor();
  await takeScreenshot(page, "overdue");
  expect(watched).toEqual({ foreignRequests: [], faults: [] });
});
