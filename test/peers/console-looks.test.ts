import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { AppError } from "../../src/core/errors.ts";
import type { TestRuntime } from "../support/open-test-runtime.ts";
import { pairOwner } from "../support/pair-people.ts";
import { createScriptedModel } from "../support/scripted-model.ts";
import { openRuntime, openView } from "./open-console.ts";
import { takeScreenshot } from "./open-page.ts";
import { eventually, prepareVisits } from "./visit-page.ts";

const { logIn } = prepareVisits();

const NAMES = [
  "Ann",
  "<img src=http://127.0.0.9:9/x onerror=window.pwned=1><b>bold</b>",
  "\u202e2002 margelet",
  "👩‍👩‍👧‍👦🏴‍☠️ محمد דנה",
  `Z${"\u0351\u0363\u036b".repeat(20)}algo`,
  "w".repeat(200),
];

const IS_TOO_WIDE = `
  document.documentElement.scrollWidth > innerWidth ||
  [...document.querySelectorAll("main, dialog")].some((part) => part.scrollWidth > part.clientWidth)
`;

/** People who wait, people who are let in, keys and a dead reply, all with names that mean harm. */
async function fill(t: TestRuntime): Promise<void> {
  const owner = await pairOwner(t);
  for (const [index, display_name] of NAMES.entries()) {
    const ask = async (id: number) =>
      await t.api("POST", "/api/v1/pairings/start", {
        connector: index % 2 === 0 ? "telegram" : "discord",
        connector_user_id: String(id),
        display_name,
      });
    await ask(7_000_000_000 + index);
    const { body } = await ask(8_000_000_000 + index);
    await t.api("POST", "/api/v1/pairings/approve", { token: body.token });
    const key = await t.api("POST", "/api/v1/keys", { name: display_name, role: "member" });
    expect(key.status).toBe(201);
    if (index % 3 === 2) await t.api("POST", "/api/v1/keys/revoke", { key_id: key.body.id });
  }
  for (const name of NAMES) await t.api("POST", "/api/v1/workspaces", { name });
  t.telegram.say(t.telegram.group(-55, NAMES[5] ?? ""), owner.user, "/admin-channel enable hub");
  await t.telegram.nextSent(({ chatId }) => chatId === -55);
  const description = "Bad Request: chat not found";
  t.telegram.say(owner.chat, owner.user, "/task count to ten");
  await t.row("tasks", ({ status }) => status === "failed");
  await t.idle();
  for (const text of ["/tasks", "/help"]) {
    t.telegram.fault("sendMessage", { kind: "refuse", status: 400, description });
    t.telegram.say(owner.chat, owner.user, text);
    await t.row("deliveries", ({ state }) => state === "dead");
    await t.idle();
  }
}

async function expectToFit(page: Page): Promise<void> {
  expect(await page.evaluate(IS_TOO_WIDE)).toBe(false);
  const width = await page.evaluate<number>("innerWidth");
  for (const control of await page.locator("main, dialog").getByRole("button").all()) {
    const bounds = await control.boundingBox();
    if (bounds === null) continue;
    expect(bounds.x).toBeGreaterThanOrEqual(0);
    expect(bounds.x + bounds.width).toBeLessThanOrEqual(width);
  }
}

test.each([
  { width: 360, colorScheme: "light" },
  { width: 360, colorScheme: "dark" },
  { width: 1100, colorScheme: "light" },
  { width: 1100, colorScheme: "dark" },
] as const)(
  "every view fits $width pixels, $colorScheme, whatever people call themselves",
  async (looks) => {
    const t = await openRuntime({
      telegram: true,
      model: createScriptedModel({ failWith: new AppError("invalid_input", "no such model") }),
    });
    await fill(t);
    const { page, watched } = await logIn(await t.runtime.createLoginUrl(), looks);
    const dialog = page.getByRole("dialog");
    const shoot = async (name: string): Promise<void> => {
      await expectToFit(page);
      await takeScreenshot(page, `${name}-${looks.width}-${looks.colorScheme}`);
    };

    await openView(page, "Spend");
    await page.getByText(/^All work has cost /).waitFor();
    await shoot("spend");

    await openView(page, "People");
    await eventually(() => page.getByRole("button", { name: /^Decide/ }).count()).toBe(
      NAMES.length,
    );
    await page.getByText("<b>bold</b>").first().waitFor();
    await shoot("people");
    await page.getByRole("button", { name: /^Change the role of ww/ }).scrollIntoViewIfNeeded();
    await shoot("people-let-in");
    await page.getByRole("button", { name: "Decide about telegram 7000000002" }).click();
    await dialog.getByText("2002 margelet", { exact: true }).waitFor();
    await shoot("people-decide");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Decide about discord 7000000005" }).click();
    await shoot("people-decide-long");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Unlink discord 8000000001" }).click();
    await shoot("people-unlink");
    await page.keyboard.press("Escape");

    await openView(page, "Contexts");
    await page.getByRole("button", { name: /^Reset/ }).waitFor();
    await shoot("contexts");
    await page.getByRole("button", { name: /^Move/ }).first().click();
    await shoot("contexts-move");
    await page.keyboard.press("Escape");

    await openView(page, "Keys");
    await page.getByRole("region", { name: "Revoked" }).waitFor();
    await shoot("keys");
    await page
      .getByRole("region", { name: "Revoked" })
      .getByRole("listitem")
      .last()
      .scrollIntoViewIfNeeded();
    await shoot("keys-revoked");
    await page.getByRole("button", { name: "New key…" }).click();
    await page.keyboard.type("build server");
    await shoot("keys-new");
    await page.keyboard.press("Enter");
    await dialog.getByText("This is the only time it is shown.").waitFor();
    await shoot("keys-secret");
    await page.keyboard.press("Escape");

    await openView(page, "Deliveries");
    await page.getByText("chat not found").first().waitFor();
    await page
      .getByRole("region", { name: "Other dead letters" })
      .getByRole("listitem")
      .first()
      .waitFor();
    await shoot("deliveries");
    await page.getByRole("button", { name: "Drop…" }).first().click();
    await shoot("deliveries-drop");

    expect(await page.evaluate("window.pwned")).toBeUndefined();
    expect(await page.locator("main img, main b").count()).toBe(0);
    expect(watched).toEqual({ foreignRequests: [], faults: [] });
  },
);
