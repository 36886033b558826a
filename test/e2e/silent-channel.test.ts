import { afterEach, expect, test } from "vitest";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";

let t: TestRuntime | undefined;
afterEach(() => t?.close());

test("a Telegram that takes replies and never answers holds up neither the page nor readiness", async () => {
  t = await openTestRuntime({ telegram: true });
  const { telegram } = t;
  telegram.fault("sendMessage", { kind: "silent" }, 1_000);
  for (let n = 0; n < 210; n += 1) {
    const stranger = telegram.user(5_000 + n, "Stranger");
    telegram.say(telegram.privateChat(stranger), stranger, "/help");
  }
  const rows = t.rows;
  const sending = async () =>
    (await rows("deliveries")).filter(({ state }) => state === "sending").length;
  await t.until(async () => ((await sending()) === 200 ? true : undefined));

  const asked = { connector: "api", external_id: "1", text: "/help", wait_seconds: 60 };
  await t.ready();
  expect(await t.api("POST", "/api/v1/chat", asked)).toMatchObject({ status: 200 });
  expect(await sending(), "none of them was given up meanwhile").toBe(200);
  telegram.clearFaults();
});
