import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startEchoWorkers } from "../../../test/support/echo-workers.ts";
import {
  addUser,
  OWNER,
  OWNER_TOKEN,
  openTestApi,
  type TestApi,
} from "../../../test/support/open-test-api.ts";
import type { Actor } from "../../core/access/actor.ts";
import type { Service } from "../../core/service.ts";
import { contextByAddress } from "../../store/queries/contexts.ts";
import { messageById } from "../../store/queries/messages.ts";

const OTHER: Actor = { id: "idn_other", userId: "usr_other", role: "member", displayName: "Other" };

let api: TestApi;
let workers: Service | undefined;
beforeEach(async () => {
  api = await openTestApi({
    ports: {
      authenticate: async (token) =>
        token === OWNER_TOKEN ? OWNER : token === "tok_other" ? OTHER : undefined,
    },
  });
  await addUser(api.test, OTHER);
});
afterEach(async () => {
  await workers?.stop();
  workers = undefined;
  await api.close();
});

const chat = (body: unknown, init: RequestInit = {}): Promise<Response> =>
  api.asOwner("/api/v1/chat", {
    method: "POST",
    body: JSON.stringify(body),
    ...init,
    headers: { "content-type": "application/json", ...init.headers },
  });
const asOther = { headers: { authorization: "Bearer tok_other" } };
const answerOf = async (response: Response) => (await response.json()) as Record<string, unknown>;

describe("with workers", () => {
  beforeEach(async () => {
    workers = await startEchoWorkers(api.test);
  });

  it("waits for the answer and joins the replies as plain text", async () => {
    const response = await chat({ text: "hello" });
    expect(response.status).toBe(200);
    expect(await answerOf(response)).toEqual({
      handled: true,
      reply: "You said: hello\n\nThat is all.\n\nHelp: /help",
      message_id: expect.stringMatching(/^msg_/),
      outcome: "answered",
    });
  });

  it("tells that a message was dropped, and why", async () => {
    expect(await answerOf(await chat({ text: "drop" }))).toMatchObject({
      handled: false,
      reply: "",
      outcome: "dropped",
      reason: "test",
    });
  });

  it("handles a repeated message once, also under the id it got here", async () => {
    const first = await answerOf(await chat({ text: "once", message_id: "m1" }));
    const [second, third] = await Promise.all([
      chat({ text: "once", message_id: "m1" }).then(answerOf),
      chat({ text: "once", message_id: first["message_id"] }).then(answerOf),
    ]);
    expect(second).toEqual(first);
    expect(third).toEqual(first);
    const other = await chat({ text: "other", message_id: "m1" });
    expect(other.status).toBe(409);
    expect(await answerOf(other)).toMatchObject({
      code: "conflict",
      error: expect.stringContaining("message_id"),
    });
  });

  it("handles the same message sent ten times at once as one", async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => chat({ text: "at once", message_id: "m2" }).then(answerOf)),
    );
    expect(new Set(answers.map((answer) => answer["message_id"])).size).toBe(1);
    expect(new Set(answers.map((answer) => answer["reply"])).size).toBe(1);
  });

  it("contexts and message ids are per key", async () => {
    const own = await answerOf(await chat({ text: "mine", external_id: "c", message_id: "m3" }));
    const theirs = await answerOf(
      await chat({ text: "theirs", external_id: "c", message_id: "m3" }, asOther),
    );
    expect(theirs["message_id"]).not.toBe(own["message_id"]);
    const stolen = await answerOf(
      await chat({ text: "mine", message_id: own["message_id"] }, asOther),
    );
    expect(stolen["message_id"]).not.toBe(own["message_id"]);
    const address = { connector: "codex", externalId: "c" } as const;
    const contexts = await Promise.all(
      [OWNER, OTHER].map(({ id }) =>
        api.test.store.first(contextByAddress, { ...address, account: id }),
      ),
    );
    expect(contexts.map((context) => context?.workspace_id)).toEqual([
      "ws_usr_owner",
      "ws_usr_other",
    ]);
  });

  it("the key decides who speaks, whatever the request claims", async () => {
    const answer = await answerOf(
      await chat(
        { text: "hi", from_user_id: OWNER.id, display_name: "Owner", external_id: OWNER.id },
        asOther,
      ),
    );
    const row = await api.test.store.first(messageById, { id: String(answer["message_id"]) });
    expect(row).toMatchObject({
      identity_id: OTHER.id,
      sender_external_id: OTHER.id,
      sender_name: "Other",
      trust: "paired",
    });
  });

  it("takes a word of 10,000 characters and odd characters", async () => {
    const word = "x".repeat(10_000);
    expect((await answerOf(await chat({ text: word })))["reply"]).toContain(word);
    expect((await chat({ text: "a\u0007b\u202Ec\u200b" })).status).toBe(200);
  });
});

describe("without workers", () => {
  it("is 202 when the wait ends first, and 200 on asking again once it is answered", async () => {
    const request = { text: "later", message_id: "m4" };
    const response = await chat({ ...request, wait_seconds: 0 });
    expect(response.status).toBe(202);
    expect(await answerOf(response)).toEqual({
      handled: false,
      reply: "",
      message_id: expect.stringMatching(/^msg_/),
      outcome: "pending",
    });
    const waiting = chat(request);
    workers = await startEchoWorkers(api.test);
    expect((await waiting).status).toBe(200);
  });

  it("a stop of the service ends the wait as pending", async () => {
    const waiting = chat({ text: "later" });
    const stopping = api.api.stop();
    const response = await waiting.catch(() => undefined);
    expect([202, undefined]).toContain(response?.status);
    await stopping;
  });
});

describe("bad input", () => {
  const expectBad = async (
    response: Response,
    about: string | RegExp,
    status = 400,
  ): Promise<void> => {
    expect(response.status).toBe(status);
    const body = await answerOf(response);
    expect(Object.keys(body).sort()).toEqual(["code", "error"]);
    expect(body["error"]).toMatch(about);
  };

  it.each([
    [{}, /^text is required\.$/],
    [{ text: "" }, /^text: must not be empty\./],
    [{ text: " \n " }, /^text: /],
    [{ text: 4 }, /^text: must be a string\.$/],
    [{ text: null }, /^text: /],
    [{ text: "a\u0000b" }, /^text: /],
    [{ text: "\ud800" }, /^text: /],
    [
      { text: "hi", connector: "telegram" },
      /^connector: must be one of codex, cline, gemini, api, cli\.$/,
    ],
    [{ text: "hi", connector: "system" }, /^connector: /],
    [{ text: "hi", wait_seconds: 121 }, /^wait_seconds: must be at most 120\.$/],
    [{ text: "hi", wait_seconds: -1 }, /^wait_seconds: must be at least 0\.$/],
    [{ text: "hi", wait_seconds: 1.5 }, /^wait_seconds: must be a whole number\.$/],
    [{ text: "hi", wait_seconds: "5" }, /^wait_seconds: /],
    [{ text: "hi", external_id: "" }, /^external_id: /],
    [{ text: "hi", external_id: "a\nb" }, /^external_id: /],
    [{ text: "hi", message_id: "x".repeat(201) }, /^message_id: /],
    [{ text: "hi", foo: 1, bar: 2 }, /^Unknown keys: foo, bar\.$/],
    [{ text: "hi", ["k".repeat(10_000)]: 1 }, /^Unknown key: k{60}…\.$/],
    [[], /The body/],
    ["text", /The body/],
    [null, /The body/],
  ])("%j is a 400 that names the key", async (body, about) => {
    await expectBad(await chat(body), about);
  });

  it.each([
    ["{", /not valid JSON/],
    ['{"text": "hi",}', /not valid JSON/],
    ["", /empty/],
    [`${"[".repeat(200_000)}`, /not valid JSON/],
    ['{"text":"hi","__proto__":{"a":1}}', /Unknown key: __proto__/],
  ])("the body %.20s is a 400", async (body, about) => {
    await expectBad(await chat(undefined, { body }), about);
  });

  it("invalid UTF-8 is a 400", async () => {
    const body = Buffer.concat([
      Buffer.from('{"text":"'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('"}'),
    ]);
    await expectBad(await chat(undefined, { body }), /UTF-8/);
  });

  it.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "",
    "application/json; charset=latin1",
  ])("content type %j is a 400", async (type) => {
    await expectBad(
      await chat({ text: "hi" }, { headers: { "content-type": type } }),
      /Content-Type: application\/json/,
    );
  });

  it("a body of 2 MiB is a 413, also in chunks", async () => {
    const big = JSON.stringify({ text: "x".repeat(2 * 1024 * 1024) });
    await expectBad(await chat(undefined, { body: big }), /1 MiB/, 413);
    const chunks = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let part = 0; part < 32; part += 1)
          controller.enqueue(new TextEncoder().encode("x".repeat(64 * 1024)));
        controller.close();
      },
    });
    await expectBad(
      await chat(undefined, { body: chunks, duplex: "half" } as RequestInit),
      /1 MiB/,
      413,
    );
    expect((await fetch(`${api.url}/healthz`)).status).toBe(200);
  });
});
