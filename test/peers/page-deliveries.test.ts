import { expect, test } from "vitest";
import { AppError } from "../../src/core/errors.ts";
import type { TestRuntime } from "../support/open-test-runtime.ts";
import { type Person, pairOwner, pairPerson } from "../support/pair-people.ts";
import { createScriptedModel } from "../support/scripted-model.ts";
import { openRuntime, openView } from "./open-console.ts";
import { prepareVisits } from "./visit-page.ts";

const { logIn } = prepareVisits();

/** A reply to `person` that Telegram refuses for good. */
async function aDeadReply({ telegram, rows, row }: TestRuntime, person: Person): Promise<string> {
  const before = (await rows("deliveries")).map(({ id }) => id);
  const description = "Bad Request: chat not found";
  telegram.fault("sendMessage", { kind: "refuse", status: 400, description });
  telegram.say(person.chat, person.user, "/tasks");
  const dead = await row("deliveries", ({ id, state }) => state === "dead" && !before.includes(id));
  return dead.id;
}

test("a reply that was given up is shown as it happens, sent again, and dropped", async () => {
  const t = await openRuntime({ telegram: true });
  const owner = await pairOwner(t);
  const { page, watched } = await logIn(await t.runtime.createLoginUrl());
  await openView(page, "Deliveries");
  await page.getByText("Nothing was given up.").waitFor();
  const first = await aDeadReply(t, owner);
  const replies = page.getByRole("region", { name: "Replies" });
  const letters = page.getByRole("region", { name: "Other dead letters" });
  await replies.getByText("chat not found").waitFor();
  await replies.getByText(first).waitFor();
  await replies.getByText("Called Olga").waitFor();
  // It is a dead letter too, and shown once.
  expect((await t.api("GET", "/api/v1/dead-letters")).body.count).toBe(1);
  await letters.getByText("There are none.").waitFor();

  await replies.getByRole("button", { name: "Explain" }).click();
  await page
    .getByRole("dialog")
    .getByText(/^Message msg_\w+ arrived over telegram/)
    .waitFor();
  await page.keyboard.press("Escape");
  await replies.getByRole("button", { name: "Send again" }).click();
  await page.getByText("The reply to telegram 1001 is sent again.").waitFor();
  expect((await t.telegram.nextSent(({ text }) => text.includes("no tasks"))).chatId).toBe(1001);
  await page.getByText("Nothing was given up.").waitFor();
  await letters.getByText("There are none.").waitFor();

  const second = await aDeadReply(t, owner);
  await replies.getByText(second).waitFor();
  await replies.getByRole("button", { name: "Drop…" }).click();
  await page.getByLabel("Reason").fill("she left");
  await page.getByRole("button", { name: "Drop", exact: true }).click();
  await page.getByText("The reply to telegram 1001 is dropped.").waitFor();
  await replies.getByLabel("Shown replies").selectOption("dropped");
  await replies.getByText("Dropped: she left").waitFor();
  await replies.getByLabel("Shown replies").selectOption("sent");
  await replies.getByText(first).waitFor();
  await replies.getByLabel("Shown replies").selectOption("kept");
  await replies.getByText("Nothing is kept.").waitFor();
  const agent = { connector: "codex", external_id: "session-1", display_name: "<b>Codex</b>" };
  await t.api("POST", "/api/v1/chat", { ...agent, text: "/task water the plants" });
  const kept = await t.row("deliveries", ({ state }) => state === "kept");
  const item = replies.getByRole("listitem").filter({ hasText: kept.id });
  await item.getByText("Kept to be fetched", { exact: true }).waitFor();
  await item.getByText("Called <b>Codex</b>").waitFor();
  expect(await item.getByRole("button").allInnerTexts()).toEqual(["Explain"]);
  expect(watched).toEqual({ foreignRequests: [], faults: [] });
});

test("a dead letter is done again from its list, and one that cannot be says what to do", async () => {
  const t = await openRuntime({
    telegram: true,
    model: createScriptedModel({ failWith: new AppError("invalid_input", "no such model") }),
  });
  const ann = await pairPerson(t, { id: 2002, name: "Ann" });
  const dead = await aDeadReply(t, ann);
  t.telegram.say(ann.chat, ann.user, "/task count to ten");
  await t.row("tasks", ({ status }) => status === "failed");
  const { page } = await logIn(await t.runtime.createLoginUrl());
  await openView(page, "Deliveries");
  const letters = page.getByRole("region", { name: "Other dead letters" });
  const task = letters.getByRole("listitem").filter({ hasText: "Do a task" });
  await task.getByText("does not take this request").waitFor();
  await task.getByText("agent-runtime tasks retry task_").waitFor();
  expect(await task.getByRole("button").allInnerTexts()).toEqual(["Drop…"]);

  const replies = page.getByRole("region", { name: "Replies" });
  await replies.getByLabel("Shown replies").selectOption("sent");
  const reply = letters.getByRole("listitem").filter({ hasText: dead });
  await reply.getByRole("button", { name: "Do again" }).click();
  await page.getByText("“Deliver a reply” is done again.").waitFor();
  await t.telegram.nextSent(({ text }) => text.includes("no tasks"));
  await reply.waitFor({ state: "detached" });

  await task.getByRole("button", { name: "Drop…" }).click();
  await page.getByRole("button", { name: "Drop", exact: true }).click();
  await letters.getByText("There are none.").waitFor();
  expect((await t.api("GET", "/api/v1/dead-letters")).body.count).toBe(0);
});

test("what is more than a page comes a page at a time, and stays when the list is read again", async () => {
  const t = await openRuntime({ telegram: true, env: { INBOUND_MAX_PER_MINUTE: "0" } });
  const owner = await pairOwner(t);
  for (let n = 0; n < 60; n += 1) t.telegram.say(owner.chat, owner.user, "/tasks");
  await t.until(async () => ((await t.rows("messages")).length === 61 ? true : undefined));
  await t.idle();
  const { page } = await logIn(await t.runtime.createLoginUrl());
  await openView(page, "Deliveries");
  const replies = page.getByRole("region", { name: "Replies" });
  await replies.getByLabel("Shown replies").selectOption("sent");
  await replies.getByRole("button", { name: "Show more" }).click();
  await replies.getByRole("button", { name: "Show more" }).waitFor({ state: "detached" });
  expect(await replies.getByRole("listitem").count()).toBe(61);
  t.telegram.say(owner.chat, owner.user, "/tasks");
  await replies.getByRole("listitem").nth(61).waitFor();
});
