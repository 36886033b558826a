import { expect, test } from "vitest";
import { createFakeClock } from "../../test/support/fake-clock.ts";
import { createChannelWatch } from "./channel-health.ts";

function watch(waitMs = 25_000) {
  const clock = createFakeClock();
  let heardAtMs: number | undefined;
  const channel = createChannelWatch({
    connector: "telegram",
    clock,
    waitMs,
    silentMs: () => (heardAtMs === undefined ? undefined : clock.monotonicMs() - heardAtMs),
  });
  const hear = () => {
    heardAtMs = clock.monotonicMs();
  };
  const connect = () => {
    hear();
    channel.report({ account: "my_bot", state: "running", message: "Connected." });
  };
  return { clock, channel, hear, connect };
}

test("is starting until it reports, and is never silent before it was heard from", () => {
  const { clock, channel } = watch();
  clock.advance(600_000);
  expect(channel.judge()).toMatchObject({ state: "starting", message: "" });
  expect(channel.measure()).toEqual({
    connector: "telegram",
    account: "",
    isUp: false,
    silentMs: undefined,
  });
});

test("is degraded when it is silent for twice its wait, and well again when it is heard from", () => {
  const { clock, channel, hear, connect } = watch();
  connect();
  clock.advance(50_000);
  expect(channel.judge()).toMatchObject({ state: "running", message: "Connected." });
  expect(channel.measure()).toMatchObject({ account: "my_bot", isUp: true, silentMs: 50_000 });
  clock.advance(1);
  expect(channel.judge()).toMatchObject({
    state: "degraded",
    message: "It has not been heard from for 50 s. Look at the log and at the network.",
  });
  expect(channel.measure().isUp).toBe(false);
  // A clock that is set anew changes nothing.
  clock.jump(-3_600_000);
  hear();
  expect(channel.judge().state).toBe("running");
});

test("with a short wait is not degraded by one slow answer", () => {
  const { clock, channel, connect } = watch(1_000);
  connect();
  clock.advance(15_000);
  expect(channel.judge().state).toBe("running");
});

test("tells people its last sign of life and its last trouble", () => {
  const { clock, channel, connect } = watch();
  channel.report({ account: "", state: "degraded", message: "No network." });
  expect(channel.describe().message).toBe("No network.");
  clock.advance(180_000);
  connect();
  clock.advance(3_000);
  expect(channel.describe()).toMatchObject({
    state: "running",
    message: "Connected. Last heard from 3 s ago. Last trouble 3 min ago: No network.",
  });
});
