import { afterEach, beforeEach, expect, test } from "vitest";
import { contextPage } from "../../src/client/shapes/context.ts";
import {
  boundContext,
  createdWorkspace,
  workspacePage,
} from "../../src/client/shapes/workspace.ts";
import { ROLES } from "../../src/core/access/role.ts";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { pairOwner, pairPerson } from "../support/pair-people.ts";
import { runCommand } from "../support/run-command.ts";

let t: TestRuntime;
beforeEach(async () => {
  t = await openTestRuntime({ telegram: true });
});
afterEach(() => t.close());

const cli = (...args: readonly string[]) =>
  runCommand(args, { cwd: t.directory, env: { AGENT_RUNTIME_DATA_DIR: t.dataDir } });

test("two groups and their admins' chat become one workspace over the terminal", async () => {
  const olga = await pairOwner(t);
  const ann = await pairPerson(t, { id: 2002, name: "Ann" });
  const chats = [t.telegram.group(-55, "Plans"), t.telegram.group(-66, "Garden"), olga.chat];
  for (const chat of chats) {
    t.telegram.say(chat, olga.user, "/status");
    await t.telegram.nextSent(({ chatId }) => chatId === chat.id);
  }
  const made = await cli("workspaces", "create", "Support");
  const workspace = /ws_\w+/u.exec(made.stdout)?.[0] ?? "";
  const contexts = (await cli("contexts", "list")).stdout;
  for (const place of ["telegram -55", "telegram -66", "telegram 1001"]) {
    const context = new RegExp(`(ctx_\\w+).*${place}\\s`, "u").exec(contexts)?.[1] ?? "";
    const done = await cli("workspaces", "bind", context, workspace);
    expect(done.stdout).toBe(`${context} is in Support (${workspace}) now.\n`);
    expect((await cli("workspaces", "bind", context, workspace)).stdout).toContain("already");
  }
  t.telegram.say(olga.chat, olga.user, "/admin_channel enable");
  await t.telegram.nextSent(({ text }) => text.startsWith("This is an admin channel"));
  const shared = (await cli("contexts", "list", "--workspace", workspace)).stdout;
  expect(shared.trim().split("\n")).toHaveLength(4);
  expect(shared).toMatch(/telegram 1001\s+admin channel/u);
  const admins = /(ctx_\w+).*telegram 1001\s/u.exec(shared)?.[1] ?? "";
  expect((await cli("workspaces", "list")).stdout).toMatch(/ws_\w+\s+-\s+3\s+Support/u);
  t.telegram.say(chats[0] ?? olga.chat, ann.user, "/task sweep the hall");
  await t.telegram.nextSent(({ text }) => text.startsWith("Done: sweep the hall"));
  const tasks = await t.api("GET", `/api/v1/tasks?workspace_id=${workspace}`);
  expect(tasks.body.items).toMatchObject([{ title: "sweep the hall" }]);
  t.telegram.say(olga.chat, olga.user, "/tasks");
  await t.telegram.nextSent(({ text }) => text.includes("sweep the hall"));
  const reset = await cli("contexts", "reset", admins);
  expect(reset.stdout).toBe(`Nothing is set any more in Olga (${admins}).\n`);
  expect((await cli("contexts", "list")).stdout).not.toContain("admin channel");
});

test("over HTTP it answers as described, and bad input names what is wrong", async () => {
  const olga = await pairOwner(t);
  t.telegram.say(t.telegram.group(-55, "Plans"), olga.user, "/status");
  await t.telegram.nextSent(({ chatId }) => chatId === -55);
  const made = await t.api("POST", "/api/v1/workspaces", { name: "Support" });
  expect(made.status).toBe(201);
  const { id } = createdWorkspace.parse(made.body);
  const page = contextPage.parse((await t.api("GET", "/api/v1/contexts?limit=500")).body);
  const group = page.items.find(({ external_id }) => external_id === "-55");
  expect(group).toMatchObject({ kind: "group", title: "Plans", supervises: "nothing" });
  const own = page.items.find(({ connector }) => connector === "web");
  const bind = (context_id: unknown, workspace_id: unknown) =>
    t.api("POST", "/api/v1/workspaces/bind", { context_id, workspace_id });
  const bound = boundContext.parse((await bind(group?.id.slice(-8), id.slice(-8))).body);
  expect(bound).toMatchObject({ workspace_id: id, moved_context_ids: [group?.id] });
  const first = workspacePage.parse((await t.api("GET", "/api/v1/workspaces?limit=1")).body);
  const rest = await t.api("GET", `/api/v1/workspaces?cursor=${first.next_cursor}`);
  expect(rest.body.items.map((one: { name: string }) => one.name)).toContain("Support");
  for (const [method, path, body, status, says] of [
    ["POST", "workspaces", {}, 400, "name"],
    ["POST", "workspaces", { name: "a\nb" }, 400, "name"],
    ["POST", "workspaces", { name: " " }, 400, "name"],
    ["GET", "workspaces?cursor=x", undefined, 400, "cursor"],
    ["GET", "contexts?limit=501", undefined, 400, "limit"],
    ["POST", "workspaces/bind", { context_id: group?.id }, 400, "workspace_id"],
    ["POST", "workspaces/bind", { context_id: "ctx_1", workspace_id: id }, 400, "too short"],
    ["POST", "workspaces/bind", { context_id: "ctx_00000000", workspace_id: id }, 404, "no conv"],
    ["POST", "workspaces/bind", { context_id: own?.id, workspace_id: id }, 400, "Only chats"],
  ] as const) {
    const answer = await t.api(method, `/api/v1/${path}`, body);
    expect([path, answer.status, answer.body.error]).toEqual([
      path,
      status,
      expect.stringContaining(says),
    ]);
  }
});

test.each(ROLES)(
  "workspaces are for overlords, the list of contexts for admins: %s",
  async (role) => {
    const { body: key } = await t.api("POST", "/api/v1/keys", { name: role, role });
    const as = { authorization: `Bearer ${key.key}` };
    for (const [method, path, least, body] of [
      ["GET", "workspaces", "overlord", undefined],
      ["POST", "workspaces", "overlord", { name: "x" }],
      [
        "POST",
        "workspaces/bind",
        "overlord",
        { context_id: "ctx_000000", workspace_id: "ws_000000" },
      ],
      ["GET", "contexts", "admin", undefined],
    ] as const) {
      const mayDo = ROLES.indexOf(role) <= ROLES.indexOf(least);
      const { status } = await t.api(method, `/api/v1/${path}`, body, as);
      expect([path, status === 403]).toEqual([path, !mayDo]);
    }
  },
);
