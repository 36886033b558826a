import { expect, test } from "vitest";
import { addPerson, askForCode, pairOwner, pairPerson } from "../support/pair-people.ts";
import { keyWithLink, openRuntime, openView } from "./open-console.ts";
import { box, eventually, prepareVisits, pressTabUntil } from "./visit-page.ts";

const { logIn } = prepareVisits();

test("whoever sends /pair is let in by their code, with a role, and every tab knows", async () => {
  const t = await openRuntime({ telegram: true });
  const { page, context, watched } = await logIn(await t.runtime.createLoginUrl());
  const other = await context.newPage();
  await other.goto(`${t.url}/#/people`);
  await other.getByText("Nobody is waiting.").waitFor();

  const ann = addPerson(t, 2002, "Ann");
  const eve = addPerson(t, 6666, "Ann");
  const annCode = await askForCode(t, ann);
  const eveCode = await askForCode(t, eve);
  await page.getByRole("link", { name: "People 2 waiting" }).waitFor();
  await openView(page, "People");
  const waiting = page.getByRole("region", { name: "Waiting to be let in" }).getByRole("listitem");
  expect(await waiting.allInnerTexts()).toEqual([
    expect.stringMatching(/^telegram 2002\s+Calls themselves Ann\s+.*, \d+:\d\d left/),
    expect.stringMatching(/^telegram 6666\s+Calls themselves Ann/),
  ]);
  expect(await page.content()).not.toContain(annCode);

  await page.getByRole("button", { name: "Decide about telegram 2002" }).click();
  const dialog = page.getByRole("dialog");
  await eventually(() => page.evaluate("document.activeElement.tagName")).toBe("INPUT");
  await dialog.getByRole("textbox", { name: "Code" }).fill(eveCode);
  await dialog.getByRole("button", { name: "Let in" }).click();
  await dialog.getByRole("alert").getByText("another request: telegram 6666").waitFor();
  await dialog.getByRole("textbox", { name: "Code" }).fill("0000-0000");
  await page.keyboard.press("Enter");
  await dialog.getByRole("alert").getByText("I do not know this pairing code.").waitFor();
  expect((await t.rows("identities")).some(({ connector }) => connector === "telegram")).toBe(
    false,
  );

  await dialog.getByRole("textbox", { name: "Code" }).fill(annCode.toUpperCase());
  await dialog.getByLabel("Role").selectOption("role:operator");
  await dialog.getByRole("button", { name: "Let in" }).click();
  await page.getByRole("status").getByText("telegram 2002 (Ann) is let in as operator.").waitFor();
  await t.telegram.nextSent(
    ({ chatId, text }) => chatId === 2002 && text.includes("with the role operator"),
  );
  for (const tab of [page, other]) {
    const people = tab.getByRole("region", { name: "Let in", exact: true });
    await people.getByText("telegram 2002").waitFor();
    await tab.getByRole("link", { name: "People 1 waiting" }).waitFor();
  }

  await other.getByRole("button", { name: "Decide about telegram 6666" }).click();
  await other.getByRole("textbox", { name: "Code" }).fill(eveCode);
  await other.getByRole("button", { name: "Turn away…" }).click();
  await other.getByLabel("Reason").fill("not the Ann I know");
  await other.getByRole("button", { name: "Turn away", exact: true }).click();
  await other.getByText("telegram 6666 (Ann) was turned away.").waitFor();
  await page.getByText("Nobody is waiting.").waitFor();

  await page.getByRole("button", { name: "Enter a code…" }).click();
  await page.getByRole("textbox", { name: "Code" }).fill(eveCode);
  await page.keyboard.press("Enter");
  await page.getByText(/^Was turned away by usr_\w+: not the Ann I know$/).waitFor();
  expect(watched).toEqual({ foreignRequests: [], faults: [] });
});

test("somebody is let in by their number, gets another role, and becomes a stranger again", async () => {
  const t = await openRuntime({ telegram: true });
  await pairOwner(t);
  const { page } = await logIn(await t.runtime.createLoginUrl());
  await openView(page, "People");
  await page.getByRole("button", { name: "Let somebody in…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Id").fill("@ann");
  await dialog.getByLabel("Name").fill("Ann");
  await page.keyboard.press("Enter");
  await dialog.getByRole("alert").waitFor();
  await dialog.getByLabel("Id").fill("2002");
  await page.keyboard.press("Enter");
  await dialog.getByText("telegram 2002").waitFor();
  await dialog.getByRole("heading", { name: "Let in or turn away?" }).waitFor();
  await dialog.getByRole("button", { name: "Let in", exact: true }).click();
  await page.getByText("telegram 2002 (Ann) is let in as member.").waitFor();

  await page.getByRole("button", { name: "Change the role of Ann" }).click();
  await dialog.getByText("telegram 2002").waitFor();
  await dialog.getByLabel("Role").selectOption("viewer");
  await dialog.getByRole("button", { name: "Change the role" }).click();
  await page.getByText("telegram 2002 (Ann) has the role viewer.").waitFor();
  expect((await t.row("users", (row) => row.display_name === "Ann")).role).toBe("viewer");

  await page.getByRole("button", { name: "Unlink telegram 2002" }).click();
  await dialog.getByText("It is their only account").waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  expect(await page.locator(":focus").getAttribute("aria-label")).toBe("Unlink telegram 2002");
  expect(await page.getByText("telegram 2002").count()).toBe(1);
  await page.keyboard.press("Enter");
  await dialog.getByRole("button", { name: "Unlink" }).click();
  await page.getByText("telegram 2002 is a stranger again.").waitFor();
  await eventually(() => page.getByRole("button", { name: "Unlink telegram 2002" }).count()).toBe(
    0,
  );
  await eventually(() => page.locator(":focus").getAttribute("id")).toBe("view-heading");

  // The last overlord stays one, and the page says why.
  await page.getByRole("button", { name: "Change the role of Owner" }).click();
  await dialog.getByLabel("Role").selectOption("admin");
  await dialog.getByRole("button", { name: "Change the role" }).click();
  await dialog.getByRole("alert").getByText("This is the last overlord.").waitFor();
});

test("the owner's own Telegram account is paired by a link that the page makes", async () => {
  const t = await openRuntime({ telegram: true });
  const { page } = await logIn(await t.runtime.createLoginUrl());
  await openView(page, "People");
  await page.getByRole("button", { name: "My Telegram account…" }).click();
  await page.keyboard.press("Enter");
  const link = page.getByRole("dialog").getByRole("link");
  const code = new URL((await link.textContent()) ?? "").searchParams.get("start");
  const owner = addPerson(t, 1001, "Olga");
  t.telegram.say(owner.chat, owner.user, `/start ${code}`);
  await t.telegram.nextSent(({ text }) => text.includes("with the role overlord"));
  await page.keyboard.press("Escape");
  const accounts = page.getByRole("list", { name: "Accounts of Owner" });
  await accounts.getByText("telegram 1001").waitFor();
});

test("a new account of somebody who is there is linked to them", async () => {
  const t = await openRuntime({ telegram: true });
  await pairPerson(t, { id: 2002, name: "Ann" });
  const phone = addPerson(t, 2003, "Ann's phone");
  const code = await askForCode(t, phone);
  const { page } = await logIn(await t.runtime.createLoginUrl());
  await openView(page, "People");
  await page.getByRole("button", { name: "Enter a code…" }).click();
  await page.getByRole("textbox", { name: "Code" }).fill(code);
  await page.keyboard.press("Enter");
  const field = page.getByRole("dialog").getByLabel("Role");
  const ann = await field.locator("option", { hasText: /^Ann \(member/ }).getAttribute("value");
  await field.selectOption(ann);
  await page.getByRole("button", { name: "Let in", exact: true }).click();
  await page.getByText("telegram 2003 (Ann's phone) is let in as member.").waitFor();
  const accounts = page.getByRole("list", { name: "Accounts of Ann" });
  await accounts.getByText("telegram 2003").waitFor();
  expect(await accounts.getByRole("listitem").count()).toBe(2);
});

test("who may less is offered less, and what the server refuses is said where it happened", async () => {
  const t = await openRuntime();
  await t.api("POST", "/api/v1/pairings/start", {
    connector: "telegram",
    connector_user_id: "2002",
    display_name: "Ann",
  });
  const admin = await keyWithLink(t, "admin");
  const { page } = await logIn(admin.link);
  expect(await page.getByRole("navigation").getByRole("link").allInnerTexts()).toEqual([
    "Chat",
    "Spend",
    "Approvals",
    "Tools",
    expect.stringMatching(/^People/),
    "Contexts",
    "Deliveries",
  ]);
  await openView(page, "People");
  expect(await page.getByRole("button", { name: /^(Unlink|Change)/ }).count()).toBe(0);
  await page.getByRole("button", { name: "Decide about telegram 2002" }).click();
  const roles = await page.getByRole("dialog").getByLabel("Role").locator("option").allInnerTexts();
  expect(roles.map((role) => role.split(":")[0])).toEqual([
    "viewer",
    "member",
    "operator",
    "admin",
  ]);
  await page.keyboard.press("Escape");
  await page.goto(`${t.url}/#/keys`);
  await page.getByText("Keys: your role does not open this view.").waitFor();

  // The page believes in a role that has gone meanwhile: the server does not.
  await page.route("**/api/v1/info", async (route) => {
    const response = await route.fetch();
    const info = await response.json();
    await route.fulfill({ json: { ...info, user: { ...info.user, role: "overlord" } } });
  });
  await page.reload();
  await page.getByRole("heading", { name: "Keys", level: 2 }).waitFor();
  await page.getByRole("alert").getByText("Your role (admin) does not allow that.").waitFor();
  await page.getByRole("button", { name: "New key…" }).click();
  await page.getByLabel("Name").fill("mine");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").getByRole("alert").getByText("does not allow that").waitFor();

  const operator = await keyWithLink(t, "operator");
  const third = await logIn(operator.link);
  expect(await third.page.getByRole("navigation").getByRole("link").allInnerTexts()).toEqual([
    "Chat",
    "Spend",
    "Deliveries",
  ]);
  await openView(third.page, "Deliveries");
  await third.page.getByText("Nothing was given up.").waitFor();
  expect(await third.page.getByRole("region").count()).toBe(1);

  const viewer = await logIn((await keyWithLink(t, "viewer")).link);
  await viewer.page.getByText("Your role (viewer) only reads.").waitFor();
  expect(await viewer.page.getByLabel("Message").isDisabled()).toBe(true);
  expect(await viewer.page.getByRole("button", { name: "Send" }).isDisabled()).toBe(true);

  const member = await keyWithLink(t, "member");
  const second = await logIn(member.link);
  expect(await second.page.getByRole("navigation").getByRole("link").allInnerTexts()).toEqual([
    "Chat",
    "Spend",
  ]);
});

test("the view stays over a reload, the back button leads back, and an ended session leads to the login", async () => {
  const t = await openRuntime();
  const { page } = await logIn(await t.runtime.createLoginUrl());
  await openView(page, "Deliveries");
  await openView(page, "People");
  await page.reload();
  await page.getByRole("heading", { name: "People", level: 2 }).waitFor();
  expect(await page.locator("[aria-current=page]").textContent()).toBe("People");
  await page.goBack();
  await page.getByRole("heading", { name: "Deliveries", level: 2 }).waitFor();
  await page.getByRole("link", { name: "Chat" }).click();
  await box(page).waitFor();

  await openView(page, "People");
  await page.getByRole("button", { name: "Enter a code…" }).click();
  await page.context().clearCookies();
  await page.getByRole("textbox", { name: "Code" }).fill("0000-0000");
  await page.keyboard.press("Enter");
  await page.getByText("You are logged out.").waitFor();
  await page.goto(await t.runtime.createLoginUrl());
  await box(page).waitFor();
});

test("everything is reached, decided and left by keyboard", async () => {
  const t = await openRuntime();
  const { body } = await t.api("POST", "/api/v1/pairings/start", {
    connector: "telegram",
    connector_user_id: "2002",
    display_name: "Ann",
  });
  const { page } = await logIn(await t.runtime.createLoginUrl());
  const focused = page.locator(":focus");
  await pressTabUntil(page, /^People/);
  await page.keyboard.press("Enter");
  await eventually(() => focused.getAttribute("id")).toBe("view-heading");
  await pressTabUntil(page, /^Decide/);
  expect(await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")).toBe(
    "solid",
  );
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.waitFor();
  // What lies behind is out of reach.
  for (let presses = 0; presses < 12; presses += 1) {
    await page.keyboard.press("Tab");
    expect(
      await page.evaluate(
        "document.activeElement === document.body || document.activeElement.closest('dialog') !== null",
      ),
    ).toBe(true);
  }
  await page.keyboard.press("Escape");
  await eventually(() => focused.textContent()).toBe("Decide…");
  await page.keyboard.press("Enter");
  await page.keyboard.type(body.token);
  await page.keyboard.press("Enter");
  await page.getByText("telegram 2002 (Ann) is let in as member.").waitFor();
});

test("a view that does not load says so, and the others work", async () => {
  const t = await openRuntime();
  const { page } = await logIn(await t.runtime.createLoginUrl());
  await page.route("**/assets/keys-view*.js", (route) => route.abort());
  await page.getByRole("link", { name: "Keys" }).click();
  await page.getByText("This view did not load. Reload the page.").waitFor();
  await openView(page, "People");
  await page.unroute("**/assets/keys-view*.js");
  await page.getByRole("link", { name: "Keys" }).click();
  await page.reload();
  await page.getByText("There are no keys.").waitFor();
});
