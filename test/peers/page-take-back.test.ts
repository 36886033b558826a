import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { TestRuntime } from "../support/open-test-runtime.ts";
import { openRuntime, openView } from "./open-console.ts";
import { prepareVisits } from "./visit-page.ts";

const { logIn } = prepareVisits();
let t: TestRuntime;
let server: Server;
let posts: number;
beforeEach(async () => {
  posts = 0;
  server = createServer((_request, response) => {
    posts += 1;
    response.end("taken");
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
});

test("an approved post is taken back by the button of its card", async () => {
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  t = await openRuntime({ env: { TOOLS_ALLOWED_HOSTS: host, UNDO_SECONDS: "3600" } });
  const { page } = await logIn(await t.runtime.createLoginUrl());
  await page.getByRole("textbox").first().fill(`post: http://${host}/one hello`);
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Approve" }).waitFor();
  await openView(page, "Approvals");
  await page.getByRole("region", { name: "Open" }).getByRole("button", { name: "Approve" }).click();
  await page.getByText(/^http_request is approved\. Until it is sent, \/cancel act_/u).waitFor();
  await page.getByRole("navigation").getByRole("link", { name: "Chat" }).click();
  await page.getByText("It is sent in 3600 s, unless somebody takes it back.").first().waitFor();
  await page.getByRole("button", { name: "Cancel", exact: true }).dblclick();
  await page
    .getByText(/^Taken back by/u)
    .first()
    .waitFor();
  await page
    .getByText(/^Taken back before it was sent/u)
    .first()
    .waitFor();
  await page.getByRole("button", { name: "Cancel", exact: true }).waitFor({ state: "detached" });
  expect(await t.rows("approvals")).toMatchObject([{ execution: "taken_back" }]);
  expect(posts).toBe(0);
});
