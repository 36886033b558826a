import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import type { OpenedGate } from "../../test/support/open-gate.ts";
import { COST, prepareGate, SOL, SONNET, USAGE } from "../../test/support/prepare-gate.ts";
import type { ModelRef } from "../core/model/model-ref.ts";
import { spendOf } from "../store/queries/spend.ts";
import { SpendCapReached } from "./spend-cap-reached.ts";

const LUNA: ModelRef = { provider: "openai", model: "gpt-6-luna" };
const DAY_MS = 24 * 60 * 60_000;

const { open, planOf, provider } = prepareGate();
let server: Server | undefined;
afterEach(() => {
  server?.close();
  server = undefined;
});

async function used({ test: { store } }: OpenedGate, key: string) {
  const row = await store.first(spendOf, { key });
  return row && { spent: row.spent_micro_usd, reserved: row.reserved_micro_usd };
}
const dayOf = (gate: OpenedGate) => new Date(gate.test.clock.now()).toISOString().slice(0, 10);

describe("caps", () => {
  test("of several people, keys and work is never passed, whatever ends meanwhile and however", async () => {
    provider().onMessage("fine", { content: "hi", ...USAGE });
    provider().onMessage("refused", { error: { message: "not now" }, status: 503 });
    provider().onMessage(
      "cut",
      { content: "a long answer that is never whole ".repeat(20) },
      { truncateAfterChunks: 3 },
    );
    const caps = { daily: 200_000, user: 60_000, key: 30_000, run: 20_000 };
    const gate = await open(planOf([SOL]), { caps });
    const askers = ["usr_1", "usr_2", await gate.addKey("key_1")];
    const results = await Promise.allSettled(
      Array.from({ length: 60 }, (_, index) =>
        gate.ask(["fine", "fine", "refused", "cut"][index % 4] ?? "", {
          userId: askers[index % 3] ?? "",
        }),
      ),
    );
    const refused = results.filter(
      (one) => one.status === "rejected" && one.reason instanceof SpendCapReached,
    );
    expect(refused.length).toBeGreaterThan(0);
    expect(results.some(({ status }) => status === "fulfilled")).toBe(true);
    const rows = await gate.usage();
    const spent = rows.reduce((sum, row) => sum + row.cost_micro_usd, 0);
    const day = dayOf(gate);
    expect(await used(gate, `day:${day}`)).toEqual({ spent, reserved: 0 });
    expect(spent).toBeLessThanOrEqual(caps.daily);
    for (const [key, cap] of [
      ["user:usr_1", caps.user],
      ["user:usr_2", caps.user],
      ["key:key_1", caps.key],
    ] as const) {
      const sum = await used(gate, `${key}:${day}`);
      expect(sum?.spent).toBeGreaterThan(0);
      expect(sum?.spent).toBeLessThanOrEqual(cap);
    }
    expect(await used(gate, `user:${askers[2]}:${day}`)).toBeUndefined();
  });

  test("of a key alone stops it, and nobody else", async () => {
    provider().onMessage("hello", { content: "hi", ...USAGE });
    const gate = await open(planOf([SOL]), { caps: { key: 100 } });
    const userId = await gate.addKey("key_1");
    await expect(gate.ask("hello", { userId })).rejects.toMatchObject({
      scope: { key: `key:key_1:${dayOf(gate)}`, capMicroUsd: 100 },
    });
    expect(await gate.ask("hello")).toBe("hi");
  });

  test("of a day are free again at midnight UTC", async () => {
    provider().onMessage("hello", { content: "hi", ...USAGE });
    const gate = await open(planOf([SOL]), { caps: { daily: 11_000 } });
    let calls = 0;
    const askOn = async (): Promise<never> => {
      await gate.ask("hello");
      calls += 1;
      return await askOn();
    };
    await expect(askOn()).rejects.toBeInstanceOf(SpendCapReached);
    expect(calls).toBeGreaterThan(0);
    gate.test.clock.advance(DAY_MS - (gate.test.clock.now() % DAY_MS) - 1);
    await expect(gate.ask("hello")).rejects.toBeInstanceOf(SpendCapReached);
    gate.test.clock.advance(1);
    expect(await gate.ask("hello")).toBe("hi");
    expect(await used(gate, `day:${dayOf(gate)}`)).toEqual({ spent: COST, reserved: 0 });
  });
});

describe("what a call costs", () => {
  test("pays every model that really worked, and none that refused", async () => {
    provider().on({ model: LUNA.model }, { error: { message: "slow down" }, status: 429 });
    provider().on(
      { model: SONNET.model },
      { content: "a long answer that is never whole ".repeat(20) },
      { truncateAfterChunks: 3 },
    );
    provider().on({ model: SOL.model }, { content: "at last", ...USAGE });
    const gate = await open(planOf([LUNA, SONNET, SOL]));
    expect(await gate.ask("hello")).toBe("at last");
    const rows = await gate.usage();
    const of = (ref: ModelRef) => rows.find(({ model }) => model.endsWith(ref.model));
    expect(rows).toHaveLength(3);
    expect(of(LUNA)).toMatchObject({ state: "released", cost_micro_usd: 0 });
    const lost = of(SONNET)?.reserved_micro_usd ?? 0;
    expect(lost).toBeGreaterThan(0);
    expect(of(SONNET)).toMatchObject({ state: "settled", cost_micro_usd: lost });
    expect(of(SOL)).toMatchObject({ state: "settled", cost_micro_usd: COST });
    expect(await used(gate, `day:${dayOf(gate)}`)).toEqual({ spent: lost + COST, reserved: 0 });
  });

  test("is nothing where nobody listens, and all that was put aside where the request was taken and no word came", async () => {
    const gate = await open(planOf([SOL], await listen((request) => request.socket.destroy())));
    await expect(gate.ask("hello")).rejects.toMatchObject({ code: "unavailable" });
    server?.close();
    gate.test.clock.advance(1);
    await expect(gate.ask("hello")).rejects.toMatchObject({ code: "unavailable" });
    const [taken, refused] = await gate.usage();
    expect(taken?.cost_micro_usd).toBeGreaterThan(0);
    expect(taken).toMatchObject({ state: "settled", cost_micro_usd: taken?.reserved_micro_usd });
    expect(refused).toMatchObject({ state: "released", cost_micro_usd: 0 });
  });

  test("is all that was put aside when the provider does not count", async () => {
    const gate = await open(planOf([SOL], await answerUncounted("hello there")));
    expect(await gate.ask("hello")).toBe("hello there");
    const [row] = await gate.usage();
    expect(row?.cost_micro_usd).toBe(row?.reserved_micro_usd);
    expect(row?.input_tokens).toBeGreaterThan(0);
    expect(row?.output_tokens).toBeGreaterThan(0);
    expect(gate.log.join("\n")).toContain("warn the model's provider did not count its tokens");
  });

  test("is put aside by what a script takes that is not Latin", async () => {
    provider().onMessage(/.*/, { content: "hi", ...USAGE });
    const gate = await open();
    const length = 10_000;
    await gate.ask("a".repeat(length));
    gate.test.clock.advance(1);
    await gate.ask("語".repeat(length));
    const [latin, other] = await gate.usage();
    const tokens = ((other?.reserved_micro_usd ?? 0) - (latin?.reserved_micro_usd ?? 0)) / 2.5;
    expect(tokens).toBeGreaterThanOrEqual(length);
  });
});

/** A server that says nothing of tokens. */
async function answerUncounted(text: string): Promise<string> {
  const chunk = (delta: object, finish: string | null) =>
    `data: ${JSON.stringify({
      id: "c",
      object: "chat.completion.chunk",
      created: 1,
      model: SOL.model,
      choices: [{ index: 0, delta, finish_reason: finish }],
    })}\n\n`;
  return await listen((_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(chunk({ role: "assistant", content: text }, null));
    response.end(`${chunk({}, "stop")}data: [DONE]\n\n`);
  });
}

async function listen(listener: RequestListener): Promise<string> {
  const listening = createServer(listener);
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(listening.address() as AddressInfo).port}/v1`;
}
