import { afterEach, beforeEach, expect, it } from "vitest";
import { startEchoWorkers } from "../../../test/support/echo-workers.ts";
import { openTestApi, type TestApi } from "../../../test/support/open-test-api.ts";
import type { ConversationPage } from "../../client/shapes/conversation.ts";
import { toIso } from "../../core/clock.ts";
import type { Service } from "../../core/service.ts";

let api: TestApi;
let workers: Service | undefined;
beforeEach(async () => {
  api = await openTestApi();
});
afterEach(async () => {
  await workers?.stop();
  workers = undefined;
  await api.close();
});

const json = { "content-type": "application/json" };

async function logIn(): Promise<string> {
  const { code, url } = (await (
    await api.asOwner("/api/v1/login-codes", { method: "POST" })
  ).json()) as {
    code: string;
    url: string;
  };
  expect(url).toBe(`${api.url}/#login=${code}`);
  const response = await openSession(code);
  expect(response.status).toBe(201);
  const [cookie = ""] = response.headers.getSetCookie();
  expect(cookie).toMatch(
    /^agent_runtime_session=\w{40}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Strict$/,
  );
  return cookie.split(";")[0] ?? "";
}

const openSession = (code: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${api.url}/api/v1/session`, {
    method: "POST",
    body: JSON.stringify({ code }),
    headers: { ...json, ...headers },
  });
const say = (
  cookie: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> =>
  fetch(`${api.url}/api/v1/conversation/messages`, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { ...json, cookie, origin: api.url, ...headers },
  });
const read = async (query = ""): Promise<ConversationPage> =>
  (await (await api.asOwner(`/api/v1/conversation${query}`)).json()) as ConversationPage;

/** Settles when every message was answered. */
const untilQuiet = (): Promise<ConversationPage> =>
  api.test.store.changes.waitFor(
    () => true,
    async () => {
      const page = await read();
      return page.is_working ? undefined : page;
    },
    AbortSignal.timeout(30_000),
  );

it("a button on the page says that it was one", async () => {
  const cookie = await logIn();
  const text = "/approve k3v9-qd7m";
  for (const [message_id, pressed] of [
    ["typed", false],
    ["pressed", true],
  ] as const) {
    expect((await say(cookie, { message_id, text, pressed })).status).toBe(202);
  }
  const rows = await api.test.store.list((db) =>
    db.selectFrom("messages").select("payload").where("text", "=", text).orderBy("seq"),
  );
  expect(rows.map(({ payload }) => payload)).toEqual([null, '{"isPressed":true}']);
});

it("a button that is pressed twice is one message, from whatever tab, at the same moment too", async () => {
  const cookie = await logIn();
  workers = await startEchoWorkers(api.test);
  await say(cookie, { message_id: "m1", text: "hello" });
  const [button] = (await untilQuiet()).items.flatMap(({ buttons }) => buttons);
  const { press_id = "", command = "" } = button ?? {};
  const other = await logIn();
  const press = (by: string, text: string): Promise<Response> =>
    say(by, { message_id: press_id, text, pressed: true });
  const presses = await Promise.all([cookie, other, cookie].map((by) => press(by, command)));
  await untilQuiet();
  presses.push(await press(other, command));
  const answers = await Promise.all(presses.map(async (one) => [one.status, await one.json()]));
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(answers[0]?.[0]).toBe(202);
  expect((await press(cookie, "/cancel")).status).toBe(409);
  const { items } = await untilQuiet();
  expect(items.filter(({ message_id }) => message_id === press_id)).toHaveLength(1);
  expect(items.filter(({ text }) => text === command)).toHaveLength(1);
});

it("a login code opens one session, which lasts until it is ended; the secret is in no log and no row", async () => {
  const cookie = await logIn();
  expect((await fetch(`${api.url}/api/v1/info`, { headers: { cookie } })).status).toBe(200);
  const ended = await fetch(`${api.url}/api/v1/session`, {
    method: "DELETE",
    headers: { cookie, origin: api.url },
  });
  expect(ended.status).toBe(204);
  expect(ended.headers.getSetCookie()[0]).toMatch(/^agent_runtime_session=; Max-Age=0/);
  expect((await fetch(`${api.url}/api/v1/info`, { headers: { cookie } })).status).toBe(401);
  expect(api.logged.join("\n")).not.toContain(cookie.split("=")[1]);
});

it("a code works once, and a wrong one never", async () => {
  const { code } = (await (
    await api.asOwner("/api/v1/login-codes", { method: "POST" })
  ).json()) as { code: string };
  const all = await Promise.all([openSession(code), openSession(code), openSession(code)]);
  expect(all.map((response) => response.status).sort()).toEqual([201, 401, 401]);
  const wrong = await openSession("guess");
  expect(wrong.status).toBe(401);
  expect(wrong.headers.getSetCookie()).toEqual([]);
});

it("another site can neither log in nor speak with the page's cookie", async () => {
  const cookie = await logIn();
  expect((await openSession("x", { origin: "https://evil.example" })).status).toBe(403);
  const message = { message_id: "m1", text: "hi" };
  expect((await say(cookie, message, { origin: "http://localhost:3000" })).status).toBe(403);
  const withoutOrigin = await fetch(`${api.url}/api/v1/conversation/messages`, {
    method: "POST",
    body: JSON.stringify(message),
    headers: { ...json, cookie },
  });
  expect(withoutOrigin.status).toBe(403);
  expect((await read()).items).toEqual([]);
});

it("a session that has run out is 401", async () => {
  const cookie = await logIn();
  const later = await openTestApi({
    store: api.test.store,
    clock: { ...api.test.clock, now: () => api.test.clock.now() + 31 * 24 * 60 * 60_000 },
  });
  expect((await fetch(`${later.url}/api/v1/info`, { headers: { cookie } })).status).toBe(401);
  await later.close();
});

it("shows what was said and answered in order, and the same in every browser", async () => {
  const cookie = await logIn();
  expect(await read()).toEqual({
    context_id: "",
    items: [],
    count: 0,
    next_before: null,
    is_working: false,
  });
  const first = await say(cookie, { message_id: "m1", text: "**one**" });
  expect(first.status).toBe(202);
  expect(await read()).toMatchObject({ is_working: true, count: 1 });
  expect(await (await say(cookie, { message_id: "m1", text: "**one**" })).json()).toEqual(
    await first.json(),
  );
  expect((await say(cookie, { message_id: "m1", text: "two" })).status).toBe(409);
  workers = await startEchoWorkers(api.test);
  const { items } = await untilQuiet();
  expect(items.map(({ kind, text, outcome }) => [kind, text, outcome])).toEqual([
    ["message", "**one**", "answered"],
    ["reply", "You said: \\*\\*one\\*\\*", ""],
    ["reply", "That is all.", ""],
  ]);
  expect(items.map(({ spoken }) => spoken)).toEqual(["", "You said: **one**", "That is all."]);
  expect(items[0]).toMatchObject({ message_id: "m1", reason: "", run_state: "", buttons: [] });
  expect(items[1]?.message_id).toBe(items[0]?.id);
  expect(items[2]?.buttons).toEqual([
    { label: "Help", command: "/help", press_id: `${items[2]?.id}:0` },
  ]);
  expect(items[0]?.created_at).toMatch(/Z$/);
  expect(Date.parse(items[0]?.created_at ?? "")).toBeLessThanOrEqual(
    Date.parse(toIso(api.test.clock.now())),
  );
});

it("pages back through all of it, each item once", async () => {
  const cookie = await logIn();
  workers = await startEchoWorkers(api.test);
  for (let number = 0; number < 7; number += 1) {
    await say(cookie, { message_id: `m${number}`, text: `text ${number}` });
    if (number % 2 === 0) await untilQuiet();
  }
  const whole = (await untilQuiet()).items.map((item) => item.id);
  expect(whole).toHaveLength(21);
  const paged: string[] = [];
  for (let before: string | null | undefined; before !== null; ) {
    const page: ConversationPage = await read(
      `?limit=4${before === undefined ? "" : `&before=${before}`}`,
    );
    paged.unshift(...page.items.map((item) => item.id));
    before = page.next_before;
  }
  expect(paged).toEqual(whole);
  expect((await api.asOwner("/api/v1/conversation?before=x")).status).toBe(400);
});
