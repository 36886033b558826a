import type { Page } from "playwright-core";
import { onTestFinished } from "vitest";
import type { Role } from "../../src/core/access/role.ts";
import {
  openTestRuntime,
  type TestRuntime,
  type TestRuntimeOptions,
} from "../support/open-test-runtime.ts";

/** A runtime for the page to show, gone after the test. */
export async function openRuntime(options: TestRuntimeOptions = {}): Promise<TestRuntime> {
  const test = await openTestRuntime(options);
  onTestFinished(() => test.close());
  return test;
}

/** A key of this role, and a link that opens the page as that key. */
export async function keyWithLink({ api, url }: TestRuntime, role: Role) {
  const made = await api("POST", "/api/v1/keys", { name: `the ${role}`, role });
  const key: string = made.body.key;
  const code = await api("POST", "/api/v1/login-codes", undefined, {
    authorization: `Bearer ${key}`,
  });
  return { key, id: String(made.body.id), link: `${url}/#login=${code.body.code}` };
}

export async function openView(page: Page, name: string): Promise<void> {
  await page.getByRole("navigation").getByRole("link", { name }).click();
  await page.getByRole("heading", { name, level: 2 }).waitFor();
}
