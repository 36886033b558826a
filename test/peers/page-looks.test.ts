import { expect, test } from "vitest";
import { createScriptedModel } from "../support/scripted-model.ts";
import { takeScreenshot } from "./open-page.ts";
import { answers, box, eventually, prepareVisits, pressTabUntil, say } from "./visit-page.ts";

const { visit } = prepareVisits();

const IS_TOO_WIDE = `
  document.documentElement.scrollWidth > innerWidth ||
  [...document.querySelectorAll("section[aria-label=Conversation]")].some((log) => log.scrollWidth > log.clientWidth)
`;

test("what an answer contains runs nothing and loads nothing from elsewhere", async () => {
  const hostile = [
    "![tracker](http://127.0.0.9:9/pixel.png)",
    "[click](javascript:window.pwned=1)",
    "[data](data:text/html,<script>window.pwned=1</script>)",
    "<img src=http://127.0.0.9:9/x onerror=window.pwned=1>",
    "<script>window.pwned=1</script>",
    "<style>body{display:none}</style>",
    "[fine](https://example.org/page)",
  ].join("\n\n");
  const { page, watched } = await visit({ model: createScriptedModel({ text: hostile }) });
  await say(page, "be evil");
  const link = answers(page).getByRole("link", { name: "fine" });
  await link.waitFor();
  expect(await link.getAttribute("rel")).toBe("noopener noreferrer");
  expect(await link.getAttribute("target")).toBe("_blank");
  expect(await answers(page).locator("img, script, style, iframe").count()).toBe(0);
  const addresses = await answers(page)
    .getByRole("link")
    .evaluateAll((links) => links.map((each) => each.getAttribute("href") ?? ""));
  expect(addresses.filter((address) => !/^https?:\/\//.test(address))).toEqual([]);
  expect(await page.evaluate("window.pwned")).toBeUndefined();
  expect(watched).toEqual({ foreignRequests: [], faults: [] });
});

test.each([
  { width: 360, colorScheme: "light" },
  { width: 360, colorScheme: "dark" },
  { width: 1100, colorScheme: "dark" },
] as const)("fits $width pixels, $colorScheme", async ({ width, colorScheme }) => {
  const wide = `# Title\n\n${"long".repeat(60)}\n\n\`\`\`\n${"code ".repeat(60)}\n\`\`\`\n\n| a | b |\n|---|---|\n| ${"wide ".repeat(30)} | ${"x".repeat(90)} |`;
  const model = createScriptedModel({ text: wide });
  const { page, watched } = await visit({ model, width, colorScheme });
  await say(page, "w".repeat(300));
  await answers(page).getByText("Title", { exact: true }).waitFor();
  const name = `${width}-${colorScheme}`;
  await takeScreenshot(page, `chat-${name}`);
  const isTooWide = (): Promise<boolean> => page.evaluate(IS_TOO_WIDE);
  expect(await isTooWide()).toBe(false);
  for (const control of [box(page), page.getByRole("button", { name: "Send" })]) {
    const bounds = await control.boundingBox();
    expect(bounds).not.toBeNull();
    expect((bounds?.x ?? 0) + (bounds?.width ?? 0)).toBeLessThanOrEqual(width);
    expect(bounds?.x).toBeGreaterThanOrEqual(0);
  }
  await page.getByRole("button", { name: /^Tasks/ }).click();
  await page.getByRole("heading", { name: "Tasks" }).waitFor();
  expect(await isTooWide()).toBe(false);
  await takeScreenshot(page, `tasks-${name}`);
  const background = await page.evaluate("getComputedStyle(document.body).backgroundColor");
  const [red] = String(background).match(/\d+/) ?? ["-1"];
  expect(Number(red) > 128).toBe(colorScheme === "light");
  expect(watched).toEqual({ foreignRequests: [], faults: [] });
});

test("everything can be reached and left by keyboard, and the focus can be seen", async () => {
  const { page } = await visit({ model: createScriptedModel({ text: "Done." }) });
  const focused = page.locator(":focus");
  expect(await focused.getAttribute("aria-label")).toBe("Message");
  await page.keyboard.type("/task Count");
  await page.keyboard.press("Enter");
  await answers(page).first().waitFor();

  await pressTabUntil(page, /^Tasks/);
  expect(await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")).toBe(
    "solid",
  );
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: /^Count Succeeded/ }).waitFor();
  await eventually(() => focused.textContent()).toBe("Tasks");
  await pressTabUntil(page, /^Count/);
  await page.keyboard.press("Enter");
  await eventually(() => focused.textContent()).toBe("Count");
  await page.keyboard.press("Escape");
  await eventually(() => focused.textContent()).toBe("Tasks");
  await page.keyboard.press("Escape");
  await eventually(() => focused.getAttribute("id")).toBe("open-tasks");
});

test("an answer that comes is told to a screen reader", async () => {
  const { page } = await visit({ model: createScriptedModel({ text: "It is **done**." }) });
  await say(page, "do it");
  const live = page.locator("[aria-live=polite]");
  await eventually(() => live.last().textContent()).toContain("done");
});
