import { createServer } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { findFreePort } from "../../../test/support/find-free-port.ts";
import {
  cut,
  openReceiver,
  type Receiver,
  silent,
  status,
} from "../../../test/support/open-receiver.ts";
import { NEVER } from "../../core/abort.ts";
import { systemClock } from "../../core/clock.ts";
import type { OutboundSend } from "../../core/delivery/outbound-part.ts";
import { createPublisher } from "./publisher.ts";

const MESSAGE: OutboundSend = {
  to: { connector: "codex", account: "idn_1", externalId: "session-1" },
  part: { formatted: "Done: ünïcödé 🎉", plain: "plain", buttons: [] },
  format: "formatted",
  replyToExternalId: undefined,
  idempotencyKey: "dlv_1",
};

let receiver: Receiver | undefined;
afterEach(async () => {
  await receiver?.close();
  receiver = undefined;
});

async function publish(
  url: string | undefined = receiver?.url,
  options: { bearerToken?: string; timeoutMs?: number; signal?: AbortSignal } = {},
) {
  const { bearerToken, timeoutMs = 5_000, signal = NEVER } = options;
  const publisher = createPublisher(
    { url: url ?? "", bearerToken, timeoutMs },
    { clock: systemClock },
  );
  return await publisher.send(MESSAGE, signal);
}

test("posts who is meant and what is said, with the key and the id of the delivery", async () => {
  receiver = await openReceiver();
  expect(await publish(undefined, { bearerToken: "s3cret" })).toEqual({
    kind: "sent",
    externalMessageId: "dlv_1",
  });
  await publish();
  expect(receiver.published).toMatchObject([
    {
      path: "/hook/",
      headers: {
        authorization: "Bearer s3cret",
        "content-type": "application/json",
        "idempotency-key": "dlv_1",
      },
    },
    { path: "/hook/" },
  ]);
  expect(receiver.published[0]?.body).toEqual({
    connector: "codex",
    external_id: "session-1",
    text: "Done: ünïcödé 🎉",
  });
  expect(receiver.published[1]?.headers.authorization).toBeUndefined();
});

describe("what an answer says of the message", () => {
  test.each([
    [200, {}, { kind: "sent" }],
    [302, { location: "http://127.0.0.1:1/" }, { kind: "rejected" }],
    [400, {}, { kind: "rejected" }],
    [404, {}, { kind: "rejected" }],
    [401, {}, { kind: "not_sent" }],
    [429, { "retry-after": "7" }, { kind: "not_sent", retryAfterMs: 7_000 }],
    [429, { "retry-after": "0" }, { kind: "not_sent", retryAfterMs: 1_000 }],
    [500, {}, { kind: "uncertain" }],
    [503, { "retry-after": "7" }, { kind: "uncertain" }],
  ])("%i %o: %o", async (code, headers, result) => {
    receiver = await openReceiver(status(code, headers as Record<string, string>));
    expect(await publish()).toMatchObject(result);
    expect(receiver.published).toHaveLength(1);
  });

  test("a 429 may name a date, and nothing at all", async () => {
    const at = new Date(systemClock.now() + 60_000).toUTCString();
    receiver = await openReceiver(status(429, { "retry-after": at }), status(429));
    const dated = await publish();
    expect(dated).toMatchObject({ kind: "not_sent" });
    expect("retryAfterMs" in dated && dated.retryAfterMs).toBeGreaterThan(30_000);
    expect(await publish()).not.toHaveProperty("retryAfterMs");
  });
});

describe("without an answer", () => {
  test("nothing is sent where nobody listens", async () => {
    const port = await findFreePort();
    expect(await publish(`http://127.0.0.1:${port}/`)).toMatchObject({ kind: "not_sent" });
  });

  test("nothing is sent when TLS never comes about", async () => {
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    try {
      expect(await publish(`https://127.0.0.1:${port}/`)).toMatchObject({ kind: "not_sent" });
    } finally {
      server.close();
    }
  });

  test("a cut and a silence after the request was written leave doubt", async () => {
    receiver = await openReceiver(cut, silent);
    expect(await publish()).toMatchObject({ kind: "uncertain" });
    expect(await publish(undefined, { timeoutMs: 100 })).toEqual({
      kind: "uncertain",
      error: "The publish URL did not answer (no answer in time).",
    });
    expect(receiver.published).toHaveLength(2);
  });

  test("a yes that is not followed by its body is a yes", async () => {
    receiver = await openReceiver((response) => void response.writeHead(200).write("and"));
    expect(await publish(undefined, { timeoutMs: 300 })).toMatchObject({ kind: "sent" });
  });

  test("an endless answer is not read to its end", async () => {
    receiver = await openReceiver((response) => {
      const pour = () => {
        while (response.writable && response.write("x".repeat(16_384)));
      };
      response.on("drain", pour);
      response.on("error", () => undefined);
      response.writeHead(200);
      pour();
    });
    expect(await publish()).toMatchObject({ kind: "sent" });
  });
});
