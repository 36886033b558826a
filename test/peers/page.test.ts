import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { createScriptedModel } from "../support/scripted-model.ts";
import { takeScreenshot } from "./open-page.ts";
import { answers, box, eventually, messages, prepareVisits, say } from "./visit-page.ts";

const { visit, newContext } = prepareVisits();

test("a login link opens the page, once, and is not left in the address", async () => {
  const { served, context, page } = await visit();
  expect(page.url()).toBe(`${served.url}/`);
  expect(await page.evaluate("document.cookie")).toBe("");

  const link = await served.createLoginUrl();
  const other = await newContext();
  const first = await other.newPage();
  await first.goto(served.url);
  await first.getByText("agent-runtime login", { exact: true }).waitFor();
  await takeScreenshot(first, "logged-out");
  // Following a link in a tab that shows the page already changes the fragment only.
  await first.goto(link);
  await box(first).waitFor();

  await context.clearCookies();
  await page.goto("about:blank");
  await page.goto(link);
  await page.getByText("That link no longer works").waitFor();
  expect(page.url()).toBe(`${served.url}/`);
});

test("talks with the offline model: Enter sends, the answer comes, buttons say their command", async () => {
  const { page } = await visit();
  await box(page).fill("first line");
  await box(page).press("Shift+Enter");
  await box(page).pressSequentially("second line");
  await box(page).press("Enter");
  await messages(page).getByText("first line\nsecond line").waitFor();
  await answers(page).first().waitFor();
  expect(await box(page).inputValue()).toBe("");

  await say(page, "what can you do?");
  await eventually(() => answers(page).count()).toBe(2);
  const button = answers(page).getByRole("button").first();
  const command = (await button.getAttribute("title")) ?? "";
  expect(command).toMatch(/^\//);
  await button.click();
  await messages(page).getByText(command, { exact: true }).waitFor();
  await eventually(() => answers(page).count()).toBe(3);
});

test("a button presses once: by a double click, after a reload, and in another tab", async () => {
  const { context, page, served } = await visit();
  await say(page, "what can you do?");
  const name = "Show all commands";
  const button = answers(page).first().getByRole("button", { name });
  const command = (await button.getAttribute("title")) ?? "";
  expect(command).toBe("/help");
  const other = await context.newPage();
  await other.goto(served.url);
  const sameButton = answers(other).first().getByRole("button", { name });
  expect(await sameButton.isEnabled()).toBe(true);

  await button.dblclick();
  await eventually(() => answers(page).count()).toBe(2);
  await eventually(() => sameButton.isDisabled()).toBe(true);
  expect(await button.isDisabled()).toBe(true);
  await page.reload();
  await eventually(() => button.isDisabled()).toBe(true);
  // A press that was on its way in an old tab is the same press.
  const repeated = await page.evaluate<number>(PRESS_AGAIN);
  expect(repeated).toBe(202);
  await say(page, "/status");
  await eventually(() => answers(page).count()).toBe(3);
  expect(await messages(page).getByText(command, { exact: true }).count()).toBe(1);
});

/** What a tab does that has not seen that its button was pressed. */
const PRESS_AGAIN = `(async () => {
  const { items } = await (await fetch("/api/v1/conversation")).json();
  const { buttons } = items.find(({ buttons }) => buttons.length > 0);
  const { press_id: message_id, command: text } = buttons.find(({ command }) => command === "/help");
  const body = JSON.stringify({ message_id, text, pressed: true });
  const headers = { "content-type": "application/json" };
  return (await fetch("/api/v1/conversation/messages", { method: "POST", headers, body })).status;
})()`;

test("shows an answer while it grows, and Stop ends it at once and honestly", async () => {
  const model = createScriptedModel({ hangAfter: "Once upon a time there was" });
  const { page } = await visit({ model });
  await say(page, "Tell me a story");
  await page.getByText(/^Once/).waitFor();
  await page.getByText("Working…").waitFor();
  await takeScreenshot(page, "growing");
  await page.getByRole("button", { name: "Stop" }).click();
  await messages(page).filter({ hasText: "Tell me a story" }).getByText("Cancelled.").waitFor();
  await page.getByText("Working…").waitFor({ state: "detached" });
});

test("what was written so far is there again after a reload and in a second tab, and gone with its turn", async () => {
  const model = createScriptedModel({ hangAfter: "Once upon a time there was" });
  const { context, page, served } = await visit({ model });
  await say(page, "Tell me a story");
  await page.getByText(/^Once upon a time/).waitFor();
  await page.reload();
  await page.getByText(/^Once upon a time/).waitFor();
  const other = await context.newPage();
  await other.goto(served.url);
  await other.getByText(/^Once upon a time/).waitFor();
  await other.getByRole("button", { name: "Stop" }).click();
  for (const one of [page, other]) {
    await messages(one).getByText("Cancelled.").waitFor();
    await one.getByText(/^Once upon a time/).waitFor({ state: "detached" });
  }
  await page.reload();
  await messages(page).getByText("Cancelled.").waitFor();
  expect(await page.getByText(/^Once upon a time/).count()).toBe(0);
});

test("an open page shows what there is after a backup was put back", async () => {
  const { page, served } = await visit();
  await say(page, "/status");
  await answers(page).first().waitFor();
  await served.stop();
  served.backUp();
  await served.startAgain();
  await page.getByText("Reconnecting…").waitFor({ state: "detached" });
  await say(page, "/help");
  await eventually(() => answers(page).count()).toBe(2);
  await served.stop();
  served.restore();
  await served.startAgain();
  await eventually(() => answers(page).count()).toBe(1);
  expect(await messages(page).allInnerTexts()).toEqual([expect.stringContaining("/status")]);
  await say(page, "/help");
  await eventually(() => answers(page).count()).toBe(2);
});

test("a model that fails is told as a failure", async () => {
  const model = createScriptedModel({ failWith: new Error("the model is on fire") });
  const { page } = await visit({ model });
  await say(page, "hello");
  await messages(page)
    .getByText(/^Failed/)
    .waitFor();
});

test("history and what is half written survive a reload and a restart, and the page comes back by itself", async () => {
  const { served, page } = await visit({ model: createScriptedModel({ text: "A kept answer." }) });
  await say(page, "Remember this");
  await answers(page).getByText("A kept answer.").waitFor();
  await box(page).fill("half writ");
  await page.reload();
  await answers(page).getByText("A kept answer.").waitFor();
  expect(await box(page).inputValue()).toBe("half writ");

  await served.stop();
  await page.getByText("Reconnecting…").waitFor();
  await say(page, "Written while it was away");
  await page.getByText("Sending…").waitFor();
  await takeScreenshot(page, "reconnecting");
  await served.startAgain();
  await page.getByText("Reconnecting…").waitFor({ state: "detached" });
  await messages(page).getByText("Written while it was away").waitFor();
  await eventually(() => answers(page).count()).toBe(2);

  await page.reload();
  await eventually(() => messages(page).allInnerTexts()).toEqual([
    expect.stringContaining("Remember this"),
    expect.stringContaining("Written while it was away"),
  ]);
});

test("a message whose answer was lost is sent again and taken once", async () => {
  const { page } = await visit({ model: createScriptedModel({ text: "Once." }) });
  let lost = 0;
  const ids: unknown[] = [];
  await page.route("**/api/v1/conversation/messages", async (route) => {
    ids.push(route.request().postDataJSON().message_id);
    await route.fetch();
    if (lost++ === 0) await route.abort();
    else await route.continue();
  });
  await say(page, "only once please");
  await answers(page).getByText("Once.").waitFor();
  await eventually(async () => ids.length).toBeGreaterThan(1);
  await page.getByText("Sending…").waitFor({ state: "detached" });
  expect(new Set(ids).size).toBe(1);
  await page.reload();
  await answers(page).getByText("Once.").waitFor();
  expect(await messages(page).count()).toBe(1);
});

test("two tabs agree", async () => {
  const { context, page, served } = await visit();
  const other = await context.newPage();
  await other.goto(served.url);
  await box(other).waitFor();
  await say(page, "/status");
  await messages(other).getByText("/status").waitFor();
  await answers(other).first().waitFor();
  await say(other, "/help");
  await eventually(() => answers(page).count()).toBe(2);
  await eventually(async () => (await answers(other).allInnerTexts()).join("\n")).toBe(
    (await answers(page).allInnerTexts()).join("\n"),
  );
});

test("tasks show their state and result, and can be cancelled", async () => {
  const model = createScriptedModel(
    { text: "The **result** is 42." },
    { hangAfter: "Working on it" },
  );
  const { page } = await visit({ model });
  await say(page, "/task Count everything");
  await page.getByRole("button", { name: /^Tasks/ }).click();
  const panel = page.getByRole("complementary");
  await panel.getByRole("button", { name: /^Count everything Succeeded/ }).click();
  await panel.getByText("The result is 42.").waitFor();
  await answers(page).getByText("The result is 42.").waitFor();
  await takeScreenshot(page, "task");
  await page.keyboard.press("Escape");

  await say(page, "/task Never end");
  await panel.getByRole("button", { name: /^Never end Running/ }).waitFor();
  await panel.getByRole("button", { name: "Cancel Never end" }).click();
  await panel.getByRole("button", { name: /^Never end Cancelled/ }).waitFor();
});

test("older messages come when one scrolls up, and what one reads stays in place", async () => {
  const { page } = await visit();
  await page.evaluate(async () => {
    for (let index = 0; index < 70; index += 1) {
      await fetch("/api/v1/conversation/messages", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ message_id: `many-${index}`, text: `/unknown${index}` }),
      });
    }
  });
  await messages(page).getByText("/unknown69", { exact: true }).waitFor();
  await page.reload();
  await messages(page).getByText("/unknown69", { exact: true }).waitFor();
  const log = page.getByRole("region", { name: "Conversation" });
  await eventually(() =>
    log.evaluate((it) => it.scrollHeight - it.scrollTop - it.clientHeight),
  ).toBeLessThan(3);
  await eventually(async () => {
    await log.evaluate((it) => {
      it.scrollTop = 0;
    });
    return await messages(page).getByText("/unknown0", { exact: true }).count();
  }).toBe(1);
  expect(await messages(page).count()).toBe(70);
});

test("a wrong bot token is a banner, and the rest serves", async () => {
  const telegram = createServer((_request, response) => {
    response.writeHead(401, { "content-type": "application/json" });
    response.end('{"ok":false,"error_code":401,"description":"Unauthorized"}');
  }).listen(0, "127.0.0.1");
  onTestFinished(() => {
    telegram.close();
    telegram.closeAllConnections();
  });
  await once(telegram, "listening");
  const { port } = telegram.address() as AddressInfo;
  const { page } = await visit({
    settings: {
      AGENT_RUNTIME_TELEGRAM_TOKEN: `123456789:${"wrong".repeat(7)}`,
      AGENT_RUNTIME_TELEGRAM_API_BASE: `http://127.0.0.1:${port}`,
    },
  });
  await page.getByRole("status").getByText("telegram").waitFor();
  await takeScreenshot(page, "banner");
  await say(page, "/status");
  await answers(page).first().waitFor();
});

test("logging out ends the session of other tabs too, and loses nothing written", async () => {
  const { context, page, served } = await visit();
  const other = await context.newPage();
  await other.goto(served.url);
  await box(other).waitFor();
  await box(other).fill("not yet sent");
  await page.getByRole("button", { name: "Log out" }).click();
  await page.getByText("You are logged out.").waitFor();
  await other.getByText("You are logged out.").waitFor();
  await other.goto(await served.createLoginUrl());
  await eventually(() => box(other).inputValue()).toBe("not yet sent");
});
