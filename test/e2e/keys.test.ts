import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { keyPage } from "../../src/client/shapes/key.ts";
import { userPage } from "../../src/client/shapes/user.ts";
import { ROLES, type Role } from "../../src/core/access/role.ts";
import { ASK_ALL, approvalScene, WRITES } from "../support/approval-scene.ts";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { runCommand } from "../support/run-command.ts";
import { createScriptedModel } from "../support/scripted-model.ts";

let t: TestRuntime;
beforeEach(async () => {
  t = await openTestRuntime();
});
afterEach(() => t.close());

interface Key {
  readonly id: string;
  readonly key: string;
  readonly prefix: string;
}

async function newKey(role: Role, name: string = role): Promise<Key> {
  const answer = await t.api("POST", "/api/v1/keys", { name, role });
  expect(answer).toMatchObject({ status: 201, body: { name, role } });
  return answer.body;
}
const as = ({ key }: Pick<Key, "key">) => ({ authorization: `Bearer ${key}` });
const chat = (key: Key, body: object) => t.api("POST", "/api/v1/chat", body, as(key));
const cli = (...args: readonly string[]) =>
  runCommand(args, { cwd: t.directory, env: { AGENT_RUNTIME_DATA_DIR: t.dataDir } });

test("a member's key speaks for itself, whatever it claims, and shares nothing with another one", async () => {
  const [one, two] = [await newKey("member", "one"), await newKey("member", "two")];
  const said = {
    text: "Hello there, who are you?",
    external_id: "desk",
    message_id: "m-1",
    from_user_id: "admin-token",
    display_name: "Owner",
  };
  const first = await chat(one, said);
  expect(first).toMatchObject({ status: 200, body: { handled: true, outcome: "answered" } });
  expect(await chat(one, said)).toEqual(first);
  expect(await chat(one, { ...said, text: "Something else" })).toMatchObject({ status: 409 });
  const second = await chat(two, { ...said, text: "Something else" });
  expect(second).toMatchObject({ status: 200, body: { outcome: "answered" } });
  expect(second.body.message_id).not.toBe(first.body.message_id);

  const messages = await t.rows("messages");
  const identities = await t.rows("identities");
  expect(messages.map(({ identity_id }) => identity_id)).toEqual(
    [one, two].map(({ id }) => identities.find((row) => row.external_user_id === id)?.id),
  );
  expect(new Set(messages.map(({ context_id }) => context_id)).size).toBe(2);
  const explain = `/api/v1/messages/${first.body.message_id}/explain`;
  expect((await t.api("GET", explain, undefined, as(one))).status).toBe(200);
  expect((await t.api("GET", explain, undefined, as(two))).status).toBe(404);
});

test("what a key asks for twice is one task, and another key's is another", async () => {
  const [one, two] = [await newKey("member", "one"), await newKey("member", "two")];
  const ask = (key: Key) =>
    t.api(
      "POST",
      "/api/v1/tasks",
      { prompt: "water the plants" },
      {
        ...as(key),
        "idempotency-key": "k-1",
      },
    );
  const first = await ask(one);
  expect(first.status).toBe(202);
  expect((await ask(one)).body.id).toBe(first.body.id);
  const second = await ask(two);
  expect(second.status).toBe(202);
  expect(second.body.id).not.toBe(first.body.id);
  expect(await t.rows("tasks")).toHaveLength(2);
});

test("a revoked key is 401 at once, and so is the page it opened", async () => {
  const key = await newKey("admin");
  const { body: code } = await t.api("POST", "/api/v1/login-codes", undefined, as(key));
  const { body: unused } = await t.api("POST", "/api/v1/login-codes", undefined, as(key));
  const opened = await fetch(`${t.url}/api/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ code: code.code }),
  });
  const cookie = opened.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  const page = () => t.api("GET", "/api/v1/info", undefined, { authorization: undefined, cookie });
  expect((await page()).body.user).toMatchObject({ display_name: "admin" });

  expect(await t.api("POST", "/api/v1/keys/revoke", { key_id: key.id.slice(-8) })).toEqual({
    status: 200,
    body: { id: key.id, prefix: key.prefix, name: "admin" },
  });
  expect(await chat(key, { text: "hello" })).toMatchObject({
    status: 401,
    body: { code: "unauthenticated" },
  });
  expect((await page()).status).toBe(401);
  expect((await t.api("POST", "/api/v1/session", { code: unused.code })).status).toBe(401);
  expect((await t.api("POST", "/api/v1/keys/revoke", { key_id: key.id })).status).toBe(409);
  await t.restart();
  expect((await chat(key, { text: "hello" })).status).toBe(401);
});

test("what the page of a key was shown to decide, it decides no more once the key is revoked", async () => {
  await t.close();
  t = await openTestRuntime({ model: createScriptedModel(...WRITES), env: ASK_ALL });
  const { chat: ask, parked } = approvalScene(() => t);
  await ask({ wait_seconds: 0 });
  const { id } = await parked();
  const key = await newKey("admin");
  const { body: code } = await t.api("POST", "/api/v1/login-codes", undefined, as(key));
  const opened = await fetch(`${t.url}/api/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ code: code.code }),
  });
  const page = {
    authorization: undefined,
    cookie: opened.headers.getSetCookie()[0]?.split(";")[0] ?? "",
    origin: t.url,
  };
  const shown = () => t.api("GET", "/api/v1/approvals?state=pending", undefined, page);
  const press = (approval: string) =>
    t.api("POST", `/api/v1/approvals/${approval}/decision`, { approved: true }, page);
  expect((await shown()).body.items).toMatchObject([{ id }]);
  expect((await press("act_00000000")).status).toBe(404);
  expect((await t.api("POST", "/api/v1/keys/revoke", { key_id: key.id })).status).toBe(200);
  expect((await press(id)).status).toBe(401);
  expect(await t.rows("approvals")).toMatchObject([{ state: "pending" }]);
});

test("a key has a name in which something can be seen", async () => {
  const unseen = await cli("keys", "create", "--name", "\u200b", "--role", "member");
  expect(unseen.stderr).toContain("name: must have something to see in it");
});

test("a key is shown once: in no list, row, record, file or log line", async () => {
  const created = await cli("keys", "create", "--name", "build", "--role", "member");
  const [key = "", told] = created.stdout.split("\n");
  expect(key).toMatch(/^ark_[0-9a-z]{8}_[0-9a-z]{32}$/u);
  expect(told).toMatch(/^This is shown once\. key_\w+ has the role member\.$/u);
  expect((await chat({ id: "", prefix: "", key }, { text: "hello" })).status).toBe(200);
  await chat({ id: "", prefix: "", key }, { text: `/task use ${key}` });
  await t.api("GET", "/api/v1/info", undefined, { authorization: `Bearer ${key}x` });
  const list = await cli("keys", "list");
  expect(list.stdout).toMatch(new RegExp(`${key.slice(0, 12)}…\\s+member\\s+active\\s+20`, "u"));
  const secret = key.slice(13);
  expect(list.stdout).not.toContain(secret);
  expect(JSON.stringify((await t.api("GET", "/api/v1/keys")).body)).not.toContain(secret);
  expect(t.logLines.join("")).not.toContain(secret);
  expect(JSON.stringify([await t.rows("api_keys"), await t.rows("audit")])).not.toContain(secret);
  const tasks = await t.api("GET", "/api/v1/tasks");
  expect(JSON.stringify(tasks.body)).not.toContain(secret);
  expect(JSON.stringify(tasks.body)).toContain(key.slice(0, 12));
});

test("keys over the terminal: none, made, listed, revoked", async () => {
  expect((await cli("keys", "list")).stdout).toBe("There are no keys but the admin token.\n");
  await cli("keys", "create", "--name", "ci", "--role", "viewer");
  const id = /key_\w+/u.exec((await cli("keys", "list")).stdout)?.[0] ?? "";
  expect((await cli("keys", "revoke", id)).stdout).toMatch(/^ci \(ark_\w{8}…\) is revoked\.\n$/u);
  expect((await cli("keys", "list")).stdout).toMatch(/viewer\s+revoked\s+never\s+ci/u);
  expect(await cli("keys", "revoke", id)).toMatchObject({ exitCode: 1 });
});

describe("who may do what with keys and users", () => {
  const CALLS = [
    ["GET", "/api/v1/users", "admin", undefined],
    ["POST", "/api/v1/users/role", "overlord", { user_id: "usr_00000000", role: "viewer" }],
    ["POST", "/api/v1/users/unlink", "overlord", { identity_id: "idn_00000000" }],
    ["GET", "/api/v1/keys", "overlord", undefined],
    ["POST", "/api/v1/keys", "overlord", { name: "x", role: "viewer" }],
    ["POST", "/api/v1/keys/revoke", "overlord", { key_id: "key_00000000" }],
  ] as const;

  test.each(ROLES)("%s", async (role) => {
    const key = await newKey(role);
    for (const [method, path, least, body] of CALLS) {
      const mayDo = ROLES.indexOf(role) <= ROLES.indexOf(least);
      const { status } = await t.api(method, path, body, as(key));
      // Those who may are told that there is no such thing; nobody else learns even that.
      expect([path, status === 403]).toEqual([path, !mayDo]);
    }
  });

  test("a key of a role that was raised by nobody stays what it is", async () => {
    const key = await newKey("member");
    const before = await t.rows("users");
    for (const role of ROLES) {
      expect((await t.api("POST", "/api/v1/keys", { name: "x", role }, as(key))).status).toBe(403);
    }
    expect(await t.rows("users")).toEqual(before);
  });
});

test("guessed keys, halves of keys and hashes of keys let nobody in", async () => {
  const { key, prefix } = await newKey("overlord");
  const [row] = await t.rows("api_keys");
  const token = readFileSync(`${t.dataDir}/admin-token`, "utf8").trim();
  const wrong = [
    prefix,
    `${prefix}_`,
    key.slice(0, -1),
    `${key}0`,
    key.toUpperCase(),
    row?.key_hash ?? "",
    row?.id ?? "",
    `ark_00000000_${"0".repeat(32)}`,
    token.slice(0, -1),
  ];
  for (const guess of wrong) {
    const { status } = await t.api("GET", "/api/v1/info", undefined, as({ key: guess }));
    expect([guess, status]).toEqual([guess, 401]);
  }
});

test("keys are listed a page at a time, the newest first, all of them", async () => {
  const made: string[] = [];
  for (let number = 0; number < 5; number += 1) {
    made.unshift((await newKey("viewer", `key ${number}`)).id);
  }
  const pages: string[][] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const query = cursor === "" ? "" : `&cursor=${cursor}`;
    const { body } = await t.api("GET", `/api/v1/keys?limit=2${query}`);
    const page = keyPage.parse(body);
    pages.push(page.items.map(({ id }) => id));
    cursor = page.next_cursor;
  }
  expect(pages.map((page) => page.length)).toEqual([2, 2, 1]);
  expect(pages.flat()).toEqual(made.toSorted().reverse());
  for (const wrong of ["limit=0", "limit=501", "cursor=usr_1"]) {
    expect((await t.api("GET", `/api/v1/keys?${wrong}`)).status).toBe(400);
  }
  const first = await cli("keys", "list", "--limit", "4");
  const [more = ""] = /--cursor \S+/u.exec(first.stdout) ?? [];
  const rest = await cli("keys", "list", ...more.split(" "));
  expect(rest.stdout).toContain(pages.flat().at(-1));
  expect(rest.stdout).not.toContain("There are more");
});

test("people and keys are listed apart, as the API describes them, and bad input names its key", async () => {
  const { id } = await newKey("overlord", "ci");
  const keys = await t.api("GET", "/api/v1/keys");
  expect(keyPage.parse(keys.body)).toMatchObject({
    count: 1,
    items: [{ id, name: "ci", role: "overlord", status: "active", last_used_at: null }],
  });
  const users = await t.api("GET", "/api/v1/users?limit=1");
  expect(userPage.parse(users.body)).toMatchObject({
    count: 1,
    next_cursor: null,
    items: [{ display_name: "Owner", identities: [{ connector_user_id: "admin-token" }] }],
  });
  const [identity] = (await t.rows("identities")).filter((row) => row.external_user_id === id);
  for (const [path, body, status, says] of [
    ["keys", { name: "x" }, 400, "role"],
    ["keys", { name: "a\nb", role: "viewer" }, 400, "name"],
    ["keys", { name: "x", role: "king" }, 400, "role"],
    ["keys/revoke", { key_id: "key_1" }, 400, "too short"],
    ["keys/revoke", { key_id: "key_00000000" }, 404, "no key"],
    ["users/role", { user_id: "usr_00000000", role: "viewer" }, 404, "no user"],
    ["users/role", { user_id: identity?.user_id, role: "viewer" }, 404, "no user"],
    ["users/unlink", { identity_id: identity?.id }, 409, "keys revoke"],
  ] as const) {
    const answer = await t.api("POST", `/api/v1/${path}`, body);
    expect([path, answer.status, answer.body.error]).toEqual([
      path,
      status,
      expect.stringContaining(says),
    ]);
  }
});
