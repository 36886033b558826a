import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import type { Model } from "../../src/llm/open-models.ts";
import { openBrowser, type ServedPage, servePage, type Watched, watch } from "./open-page.ts";

interface LoggedIn {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly watched: Watched;
}

interface Visit extends LoggedIn {
  readonly served: ServedPage;
}

interface Looks {
  readonly width?: number;
  readonly colorScheme?: "light" | "dark";
}

interface VisitOptions extends Looks {
  readonly model?: Model;
  readonly settings?: Readonly<Record<string, string>>;
}

interface Visits {
  /** A runtime and a browser that has followed its login link. Both are gone after the test. */
  visit(options?: VisitOptions): Promise<Visit>;
  /** A browser that has followed the login link of a runtime that stands already. It is gone after the test. */
  logIn(link: string, looks?: Looks): Promise<LoggedIn>;
  /** Another person's browser, or one that has forgotten everything. */
  newContext(): Promise<BrowserContext>;
}

/** Call it once in a test file: one browser for all its tests. */
export function prepareVisits(): Visits {
  let browser: Browser;
  const open: { close(): Promise<void> }[] = [];
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterEach(async () => {
    for (const thing of open.splice(0).reverse()) await thing.close();
  });
  afterAll(async () => {
    await browser.close();
  });

  async function logIn(link: string, looks: Looks = {}): Promise<LoggedIn> {
    const { width = 1100, colorScheme = "light" } = looks;
    const context = await browser.newContext({ viewport: { width, height: 740 }, colorScheme });
    open.push(context);
    context.setDefaultTimeout(60_000);
    const watched = watch(context, new URL(link).origin);
    const page = await context.newPage();
    await page.goto(link);
    await box(page).waitFor();
    return { context, page, watched };
  }

  return {
    logIn,
    async newContext() {
      const context = await browser.newContext();
      open.push(context);
      return context;
    },
    async visit(options = {}) {
      const { model, settings, ...looks } = options;
      const served = await servePage(model, settings);
      open.push(served);
      return { served, ...(await logIn(await served.createLoginUrl(), looks)) };
    },
  };
}

export function box(page: Page): Locator {
  return page.getByRole("textbox", { name: "Message" });
}

export function answers(page: Page): Locator {
  return page.getByRole("article", { name: "Answer" });
}

export function messages(page: Page): Locator {
  return page.getByRole("article", { name: "You", exact: true });
}

export async function say(page: Page, text: string): Promise<void> {
  await box(page).fill(text);
  await box(page).press("Enter");
}

/** Settles when `read` gives what is wanted; fails with the last it gave. */
export function eventually<T>(read: () => Promise<T>) {
  return expect.poll(read, { timeout: 60_000, interval: 50 });
}

/** Goes on by keyboard to the control whose text matches. */
export async function pressTabUntil(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 30; presses += 1) {
    await page.keyboard.press("Tab");
    const text = await page.evaluate<string>("document.activeElement.textContent");
    if (name.test(text.trim()) && text.length < 100) return;
  }
  throw new Error(`no ${name} within 30 presses of Tab`);
}
