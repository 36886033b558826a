import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  aContext,
  type OpenDelivery,
  openDelivery,
  SENT,
} from "../../test/support/open-delivery.ts";
import type { SendResult } from "../core/delivery/outbound-part.ts";
import { doc, p } from "../core/rich-text/build.ts";

const A = "a".repeat(4_000);
const B = "b".repeat(4_000);
const C = "c".repeat(4_000);
const THREE = doc(p(A), p(B), p(C));

/** A reply in a chat of its own. */
async function queueInChat(to: OpenDelivery, n: number) {
  const place = { connector: "telegram", account: "77" } as const;
  const [id, externalId] = [`ctx_${n}`, `200${n}`];
  await to.commit([aContext(id, "ws_chat", { ...place, externalId })]);
  return to.queue(doc(p("x")), { ...place, id, external_id: externalId });
}

let d: OpenDelivery;
beforeEach(async () => {
  d = await openDelivery();
});
afterEach(() => d.close());

describe("the deliver handler", () => {
  test("sends every part in order, answers with the first, keeps the receipts and ends the job", async () => {
    const { id, jobId } = await d.queue(THREE);
    await d.run();
    expect(d.texts()).toEqual([A, B, C]);
    expect(d.sends.map((send) => send.replyToExternalId)).toEqual(["1001:5", undefined, undefined]);
    expect(d.sends[0]?.to).toEqual({ connector: "telegram", account: "77", externalId: "1001" });
    expect(await d.row(id)).toMatchObject({ state: "sent", parts_sent: 3, marked: 0, error: null });
    expect(JSON.parse((await d.row(id)).receipts)).toEqual(["1001:1", "1001:2", "1001:3"]);
    expect(await d.job(jobId)).toBeUndefined();
  });

  test("has stored that it is sending before the platform hears of it", async () => {
    const { id } = await d.queue(doc(p("x")));
    const seen: unknown[] = [];
    d.answers.push(async () => {
      seen.push(await d.row(id));
      return SENT;
    });
    await d.run();
    expect(seen).toEqual([
      expect.objectContaining({
        state: "sending",
        parts_sent: 0,
        parts: expect.stringContaining("formatted"),
      }),
    ]);
  });

  test("waits as long as the platform asks, and counts no attempt", async () => {
    const { id, jobId } = await d.queue(doc(p("x")));
    for (let round = 1; round <= 7; round += 1) {
      d.answers.push({ kind: "not_sent", error: "Too Many Requests", retryAfterMs: 7_000 });
      await d.run();
      expect(await d.row(id)).toMatchObject({ state: "pending", error: "Too Many Requests" });
      expect(await d.job(jobId)).toMatchObject({
        attempts: 0,
        run_at_ms: d.clock.now() + 7_000,
      });
      d.clock.advance(7_000);
    }
    await d.run();
    expect(await d.row(id)).toMatchObject({ state: "sent", marked: 0, error: null });
  });

  test("tries a channel that cannot be reached ever less often, counting no attempt, and gives up after a day", async () => {
    const { id, jobId } = await d.queue(doc(p("x")));
    const waits: number[] = [];
    for (let round = 1; round <= 15; round += 1) {
      d.answers.push({ kind: "not_sent", error: "connect ECONNREFUSED" });
      await d.run();
      const waitMs = ((await d.job(jobId))?.run_at_ms ?? 0) - d.clock.now();
      waits.push(waitMs);
      d.clock.advance(waitMs);
    }
    expect(waits.slice(0, 3)).toEqual([1_000, 1_000, 1_000]);
    expect(waits.at(-1)).toBe(60_000);
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
    expect(await d.job(jobId)).toMatchObject({ attempts: 0 });
    d.clock.advance(24 * 3_600_000);
    d.answers.push({ kind: "not_sent", error: "connect ECONNREFUSED" });
    await d.run();
    expect(await d.row(id)).toMatchObject({ state: "dead" });
    expect(await d.job(jobId)).toMatchObject({ state: "dead", last_error: "connect ECONNREFUSED" });
  });

  test("has a day for a reply that lay for long: the service was off, or the clock was set", async () => {
    const { id, jobId } = await d.queue(doc(p("x")));
    d.clock.advance(3 * 24 * 3_600_000);
    d.answers.push({ kind: "not_sent", error: "connect ENETDOWN" });
    await d.run();
    expect(await d.row(id)).toMatchObject({ state: "pending", error: "connect ENETDOWN" });
    expect(((await d.job(jobId))?.run_at_ms ?? 0) - d.clock.now()).toBe(1_000);
    d.clock.jump(40 * 24 * 3_600_000);
    d.answers.push({ kind: "not_sent", error: "connect ENETDOWN" });
    await d.run();
    expect(await d.row(id)).toMatchObject({ state: "pending" });
    d.clock.advance(60_000);
    await d.run();
    expect(await d.row(id)).toMatchObject({ state: "sent", error: null });
  });

  test.each<[string, SendResult]>([
    ["cannot be reached", { kind: "not_sent", error: "connect ECONNREFUSED" }],
    ["leaves a doubt", { kind: "uncertain", error: "502" }],
  ])(
    "comes back to a channel that %s at no fixed time, so that many do not at once",
    async (_, answer) => {
      const randoms = [0, 0.5, 1];
      const scattered = await openDelivery(() => randoms.shift() ?? 0);
      const waits: number[] = [];
      for (let n = 0; n < 3; n += 1) {
        const { jobId } = await queueInChat(scattered, n);
        scattered.answers.push(answer);
        await scattered.run();
        waits.push(((await scattered.job(jobId))?.run_at_ms ?? 0) - scattered.clock.now());
      }
      expect(waits).toEqual([1_000, 1_100, 1_200]);
      await scattered.close();
    },
  );

  test("falls back to plain text when the platform cannot read the format", async () => {
    const { id } = await d.queue(doc(p("1 < 2")));
    d.answers.push({ kind: "bad_format", error: "can't parse entities" });
    await d.run();
    expect(d.texts()).toEqual(["1 &lt; 2", "1 < 2"]);
    expect(await d.row(id)).toMatchObject({ state: "sent", marked: 0 });
  });

  const refused = (error: string) => ({ kind: "bad_format", error }) as const;

  test("sends everything as a file instead of a part refused also as plain text, and of the rest", async () => {
    const { id } = await d.queue(THREE);
    d.answers.push(SENT, refused("one"), refused("two"));
    await d.run();
    expect(d.texts()).toEqual([A, B, B, "The whole text is in the file."]);
    expect(d.sends[3]?.part.file).toEqual({ name: "reply.md", text: `${A}\n\n${B}\n\n${C}\n` });
    expect(await d.row(id)).toMatchObject({ state: "sent", parts_sent: 2, marked: 0, error: null });
    expect(JSON.parse((await d.row(id)).receipts)).toEqual(["1001:1", "1001:4"]);
  });

  test("is dead when the platform takes no file either", async () => {
    const { id } = await d.queue(doc(p("x")));
    d.answers.push(refused("one"), refused("two"), refused("three"), refused("four"));
    await d.run();
    expect(d.sends).toHaveLength(4);
    expect(await d.row(id)).toMatchObject({ state: "dead", error: "four" });
  });

  test("sends a file that may have arrived again with a mark, and never the messages it stands for", async () => {
    const { id } = await d.queue(doc(p("x")));
    d.answers.push(refused("one"), refused("two"), { kind: "uncertain", error: "502" });
    await d.run();
    expect(await d.row(id)).toMatchObject({ state: "unknown", parts_sent: 0 });
    d.clock.advance(1_000);
    await d.run();
    expect(d.texts().slice(2)).toEqual([
      "The whole text is in the file.",
      "(may be a repeat)\nThe whole text is in the file.",
    ]);
    expect(d.sends[3]?.part.file).toEqual({ name: "reply.md", text: "x\n" });
    expect(await d.row(id)).toMatchObject({ state: "sent", parts_sent: 1, marked: 1 });
  });

  test("sends a long reply as messages where no file may be sent", async () => {
    const many = doc(...Array.from({ length: 12 }, () => p(A)));
    const { id } = await d.queue(many);
    d.answers.push(refused("no files"), refused("no files"));
    await d.run();
    expect(d.sends.slice(0, 2).map(({ part }) => part.file === undefined)).toEqual([false, false]);
    expect(d.texts().slice(2)).toEqual(Array(12).fill(A));
    expect(await d.row(id)).toMatchObject({ state: "sent", parts_sent: 12, marked: 0 });
  });

  test("sends an uncertain part again with a mark, later, and only that part", async () => {
    const { id, jobId } = await d.queue(THREE);
    d.answers.push(SENT, { kind: "uncertain", error: "502" });
    await d.run();
    expect(await d.row(id)).toMatchObject({
      state: "unknown",
      parts_sent: 1,
      error: "502",
      marked: 0,
    });
    expect(await d.job(jobId)).toMatchObject({ attempts: 1, run_at_ms: d.clock.now() + 1_000 });
    d.clock.advance(1_000);
    d.answers.push({ kind: "not_sent", error: "429", retryAfterMs: 1_000 });
    await d.run();
    expect(await d.row(id)).toMatchObject({ state: "unknown" });
    d.clock.advance(1_000);
    await d.run();
    expect(d.texts().slice(3)).toEqual([`(may be a repeat)\n${B}`, C]);
    expect(await d.row(id)).toMatchObject({ state: "sent", parts_sent: 3, marked: 1 });
  });

  test("takes a sender that throws for uncertain", async () => {
    const { id } = await d.queue(doc(p("x")));
    d.answers.push(() => Promise.reject(new Error("bug")));
    await d.run();
    expect(await d.row(id)).toMatchObject({ state: "unknown", error: "bug" });
  });

  test("gives up after five uncertain tries", async () => {
    const { id } = await d.queue(doc(p("x")));
    for (let round = 1; round <= 5; round += 1) {
      d.answers.push({ kind: "uncertain", error: "502" });
      await d.run();
      d.clock.advance(3_600_000);
    }
    expect(d.sends).toHaveLength(5);
    expect(await d.row(id)).toMatchObject({
      state: "dead",
      error: "502 (it may have arrived)",
      marked: 1,
    });
  });
});
