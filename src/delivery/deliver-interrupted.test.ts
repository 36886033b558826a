import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type OpenDelivery, openDelivery, SENT } from "../../test/support/open-delivery.ts";
import type { SendResult } from "../core/delivery/outbound-part.ts";
import { AppError } from "../core/errors.ts";
import { doc, p } from "../core/rich-text/build.ts";
import type { RunningJob } from "../orchestrator/run-job.ts";

const A = "a".repeat(4_000);
const B = "b".repeat(4_000);
const C = "c".repeat(4_000);
const THREE = doc(p(A), p(B), p(C));

let d: OpenDelivery;
beforeEach(async () => {
  d = await openDelivery();
});
afterEach(() => d.close());

describe("a delivery that is interrupted", () => {
  test("marks what was being sent when the process died", async () => {
    const { id } = await d.queue(THREE);
    let arrived: (result: SendResult) => void = () => undefined;
    const reached = new Promise<void>((resolve) => {
      d.answers.push(SENT, () => {
        resolve();
        return new Promise((settle) => {
          arrived = settle;
        });
      });
    });
    const dead = await d.start();
    await reached;
    await d.restart();
    await d.run();
    expect(d.texts().slice(2)).toEqual([`(may be a repeat)\n${B}`, C]);
    expect(await d.row(id)).toMatchObject({ state: "sent", parts_sent: 3, marked: 1 });
    // The dead process comes back to life: its claim is void.
    arrived(SENT);
    await dead.done;
    expect(JSON.parse((await d.row(id)).receipts)).toEqual(["1001:1", "1001:3", "1001:4"]);
  });

  test("marks the file that was being sent when the process died", async () => {
    const { id } = await d.queue(doc(p("x")));
    const refused: SendResult = { kind: "bad_format", error: "too long" };
    const reached = new Promise<void>((resolve) => {
      d.answers.push(refused, refused, () => {
        resolve();
        return new Promise(() => undefined);
      });
    });
    await d.start();
    await reached;
    await d.restart();
    await d.run();
    expect(d.texts().slice(3)).toEqual(["(may be a repeat)\nThe whole text is in the file."]);
    expect(d.sends[3]?.part.file?.text).toBe("x\n");
    expect(await d.row(id)).toMatchObject({ state: "sent", parts_sent: 1, marked: 1 });
  });

  test("on shutdown lets a send finish, then stops before the next part", async () => {
    const { id, jobId } = await d.queue(THREE);
    let running: RunningJob | undefined;
    const ready = new Promise<void>((resolve) => {
      d.answers.push(async () => {
        await new Promise((next) => setImmediate(next));
        running?.interrupt(new AppError("cancelled", "stopping"));
        resolve();
        return SENT;
      });
    });
    running = await d.start();
    await ready;
    await running.done;
    expect(await d.row(id)).toMatchObject({
      state: "pending",
      parts_sent: 1,
      receipts: '["1001:1"]',
    });
    expect(await d.job(jobId)).toMatchObject({ state: "ready", attempts: 0 });
    await d.run();
    expect(d.texts().slice(1)).toEqual([B, C]);
    expect(await d.row(id)).toMatchObject({ state: "sent", marked: 0 });
  });

  test("is reset when the shutdown comes before anything was written", async () => {
    const { id } = await d.queue(doc(p("x")));
    const running = await d.start();
    running.interrupt(new AppError("cancelled", "stopping"));
    await running.done;
    expect(d.sends).toEqual([]);
    expect(await d.row(id)).toMatchObject({ state: "pending", marked: 0 });
    await d.run();
    expect(await d.row(id)).toMatchObject({ state: "sent", marked: 0 });
  });

  test("puts the job back for a long wait, and takes its reserved slot when it comes again", async () => {
    const { id, jobId } = await d.queue(THREE);
    const now = d.clock.now();
    d.slots.push(0, 3_000);
    await d.run();
    expect(await d.row(id)).toMatchObject({ state: "pending", parts_sent: 1 });
    expect(await d.job(jobId)).toMatchObject({ attempts: 0, run_at_ms: now + 3_000 });
    d.clock.advance(3_000);
    // One for the last part; the second part must not ask again.
    d.slots.push(0, 99_000);
    await d.run();
    expect(await d.row(id)).toMatchObject({ state: "sent", marked: 0 });
  });

  test("sleeps through a short wait, and nothing is under way meanwhile", async () => {
    const { id } = await d.queue(THREE);
    d.slots.push(0, 400);
    const running = await d.start();
    while ((await d.row(id)).parts_sent === 0) await new Promise((next) => setImmediate(next));
    expect(await d.row(id)).toMatchObject({ state: "pending", parts_sent: 1 });
    expect(d.sends).toHaveLength(1);
    await new Promise((next) => setImmediate(next));
    d.clock.advance(400);
    await running.done;
    expect(await d.row(id)).toMatchObject({ state: "sent", parts_sent: 3, marked: 0 });
  });

  test("ends when it is cancelled", async () => {
    const { id, jobId } = await d.queue(doc(p("x")));
    const running = await d.start();
    running.cancel();
    await running.done;
    expect(d.sends).toEqual([]);
    expect(await d.row(id)).toMatchObject({ state: "failed", error: "cancelled" });
    expect(await d.job(jobId)).toBeUndefined();
  });
});
