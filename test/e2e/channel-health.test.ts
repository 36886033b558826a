import { afterEach, expect, test } from "vitest";
import { systemClock } from "../../src/core/clock.ts";
import { createFastClock } from "../crash/whole-runtime/fast-clock.ts";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { addPerson } from "../support/pair-people.ts";
import { runCommand } from "../support/run-command.ts";

let t: TestRuntime;
afterEach(() => t.close());

test("a channel that falls silent is degraded in /api/v1/info, /metrics, /status and doctor, and readiness stays", async () => {
  const clock = createFastClock(2, systemClock.now());
  t = await openTestRuntime({ telegram: true, clock, env: { TELEGRAM_POLL_SECONDS: "1" } });
  const channel = async () => (await t.api("GET", "/api/v1/info")).body.channels[0];
  const inState = (state: string) =>
    t.until(async () => ((await channel()).state === state ? channel() : undefined));
  const isUp = async () => {
    const { body } = await t.api("GET", "/metrics");
    expect(body).toMatch(/^agent_runtime_channel_last_poll_age_seconds\{connector="telegram",/m);
    return /^agent_runtime_channel_up\{connector="telegram",account="runtime_bot"\} (\d)$/m.exec(
      body,
    )?.[1];
  };
  const status = async () => {
    const asked = { connector: "api", external_id: "1", text: "/status", wait_seconds: 60 };
    return (await t.api("POST", "/api/v1/chat", asked)).body.reply;
  };
  const doctor = async () => {
    const env = { AGENT_RUNTIME_DATA_DIR: t.dataDir };
    return (await runCommand(["doctor"], { cwd: t.directory, env })).stdout;
  };

  await inState("running");
  expect(await isUp()).toBe("1");
  expect(await status()).toMatch(
    /telegram running \(Connected as @runtime_bot\. Last heard from \d+ s ago\.\)/,
  );
  expect(await doctor()).toMatch(/^ok +channels +telegram as runtime_bot is running\.$/m);
  expect(await doctor()).toMatch(/^ok +telegram +Only the running service has the token/m);

  t.telegram.fault("getUpdates", { kind: "silent" }, 1_000);
  const silent = await inState("degraded");
  expect(silent.message).toMatch(/not been heard from for|did not answer/);
  expect(await isUp()).toBe("0");
  expect(await status()).toMatch(/telegram degraded \(.*Last heard from \d+ s ago\./);
  expect(await doctor()).toMatch(/^warn +channels +telegram as runtime_bot is degraded\. /m);
  await t.ready();

  t.telegram.clearFaults();
  await inState("running");
  expect(await isUp()).toBe("1");
});

test("a channel is degraded once it was silent for twice its wait, and not before", async () => {
  const clock = createFastClock(2, systemClock.now());
  t = await openTestRuntime({ telegram: true, clock, env: { TELEGRAM_POLL_SECONDS: "10" } });
  const channel = async () => (await t.api("GET", "/api/v1/info")).body.channels[0];
  const inState = (state: string) =>
    t.until(async () => ((await channel()).state === state ? channel() : undefined));
  await inState("running");
  const eve = addPerson(t, 6666, "Eve");
  t.telegram.fault("getUpdates", { kind: "silent" }, 1_000);
  // The request under way is the last that is answered.
  t.telegram.say(eve.chat, eve.user, "/help");
  await t.telegram.nextSent();
  const { message } = await inState("degraded");
  // Twice ten seconds; that it did not answer is told at its second time, after thirty.
  expect(message).toMatch(/^It has not been heard from for 2\d s\./);
});
