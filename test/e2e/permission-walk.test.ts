import type { Command as CliCommand } from "commander";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createProgram } from "../../src/cli/run-cli.ts";
import { isAtLeast, ROLES, type Role } from "../../src/core/access/role.ts";
import { COMMANDS, FOR_MODELS } from "../../src/gateway/commands/commands.ts";
import { ROUTES } from "../../src/http-api/routes.ts";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { addPerson, type Person, pairPerson } from "../support/pair-people.ts";
import {
  COMMAND_WALK,
  ROUTE_WALK,
  TERMINAL_ALONE,
  TERMINAL_WALK,
} from "../support/permission-walk.ts";
import { runCommand } from "../support/run-command.ts";
import { createScriptedModel } from "../support/scripted-model.ts";

const BUTTONS = Object.entries(COMMAND_WALK)
  .map(([name, [, args = ""]]) => `[${name}](command:/${name} ${args})`)
  .join("\n");
const REFUSED_ROLE = "Your role (";
const isLetIn = (role: Role, least: Role | "anyone") =>
  least === "anyone" || isAtLeast(role, least);

let t: TestRuntime;
let keys: ReadonlyMap<Role, string>;
beforeAll(async () => {
  t = await openTestRuntime({
    telegram: true,
    model: createScriptedModel({ text: BUTTONS }),
    env: { INBOUND_MAX_PER_MINUTE: "0", LLM_RATE_LIMIT_PER_WINDOW: "0" },
  });
  const made = ROLES.map(async (role) => {
    const { body } = await t.api("POST", "/api/v1/keys", { name: `the ${role}`, role });
    return [role, body.key as string] as const;
  });
  keys = new Map(await Promise.all(made));
});
afterAll(() => t.close());

/** How the message that `send` sends ended. */
async function outcomeOf(send: () => void): Promise<string> {
  const before = new Set((await t.rows("messages")).map(({ id }) => id));
  send();
  const row = await t.row("messages", (one) => !before.has(one.id) && one.outcome !== "pending");
  return row.reason ?? row.outcome;
}

type RouteAnswer = "who are you" | "refused" | "let in";

/** Refused is who is known and stands too low; let in is everybody else, whatever becomes of what they ask for. */
async function askRoute(
  operation: string,
  body: object | undefined,
  key: string | undefined,
): Promise<RouteAnswer> {
  const [method = "", path = ""] = operation.split(" ");
  const ended = new AbortController();
  const headers = new Headers();
  if (key !== undefined) headers.set("authorization", `Bearer ${key}`);
  if (body !== undefined) headers.set("content-type", "application/json");
  const response = await fetch(`${t.url}${path.replace("{id}", "msg_00000000")}`, {
    method,
    headers,
    signal: ended.signal,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = response.status === 403 ? await response.text() : "";
  ended.abort();
  if (response.status === 401) return "who are you";
  return text.includes(REFUSED_ROLE) ? "refused" : "let in";
}

describe("routes", () => {
  const operations = ROUTES.map(({ method, path }) => `${method.toUpperCase()} ${path}`);

  test("each has its line in the walk", () => {
    expect(operations.sort()).toEqual(Object.keys(ROUTE_WALK).sort());
  });

  test.each(Object.keys(ROUTE_WALK))("%s", async (operation) => {
    const [least = "anyone", body] = ROUTE_WALK[operation] ?? [];
    const ask = (key: string | undefined) => askRoute(operation, body, key);
    if (least === "anyone") {
      const isLogin = operation === "POST /api/v1/session";
      expect(await ask(undefined)).toBe(isLogin ? "who are you" : "let in");
      return;
    }
    expect(await ask(undefined)).toBe("who are you");
    for (const [role, key] of keys) {
      expect([role, await ask(key)]).toEqual([role, isLetIn(role, least) ? "let in" : "refused"]);
    }
  });
});

describe("commands", () => {
  test("each has its line in the walk", () => {
    expect(COMMANDS.map(({ name }) => name).sort()).toEqual(Object.keys(COMMAND_WALK).sort());
  });

  test.each(ROLES)("typed by a person who is %s", async (role) => {
    const person = await pairPerson(t, { id: 2000 + ROLES.indexOf(role), name: role, role });
    for (const [name, [least, args = ""]] of Object.entries(COMMAND_WALK)) {
      const say = () => t.telegram.say(person.chat, person.user, `/${name} ${args}`);
      const isRefused = (await outcomeOf(say)) === "access_denied";
      expect([name, isRefused]).toEqual([name, !isLetIn(role, least)]);
    }
  });

  test("typed by a stranger, whatever they call themselves", async () => {
    const stranger = addPerson(t, 6666, "The overlord");
    for (const [name, [least, args = ""]] of Object.entries(COMMAND_WALK)) {
      const say = () => t.telegram.say(stranger.chat, stranger.user, `/${name} ${args}`);
      const isDropped = (await outcomeOf(say)) === "not_paired";
      expect([name, isDropped]).toEqual([name, least !== "anyone"]);
    }
  });
});

describe("buttons", () => {
  /** Somebody to whom a model wanted to offer every command. */
  async function withButtons(id: number): Promise<Person & { press(name: string): void }> {
    const person = await pairPerson(t, { id, name: `Person ${id}` });
    t.telegram.say(person.chat, person.user, "what is there?");
    const sent = await t.telegram.nextSent(
      (one) => one.chatId === id && one.offered.flat().length === FOR_MODELS.length,
    );
    return { ...person, press: (name) => void t.telegram.press(sent, name) };
  }
  const change = async (id: number, role: Role) => {
    const identity = (await t.rows("identities")).find((row) => row.external_user_id === `${id}`);
    const body = { user_id: identity?.user_id, role };
    expect(await t.api("POST", "/api/v1/users/role", body)).toMatchObject({ status: 200 });
  };

  test.each(ROLES)("do what a person who is %s by now may do, and none decides", async (role) => {
    const id = 3000 + ROLES.indexOf(role);
    const { press } = await withButtons(id);
    await change(id, role);
    for (const { name } of FOR_MODELS) {
      const [least = "overlord"] = COMMAND_WALK[name] ?? [];
      const outcome = await outcomeOf(() => press(name));
      expect([name, outcome === "access_denied"]).toEqual([name, !isLetIn(role, least)]);
    }
  });
});

describe("the terminal", () => {
  const leaves = (command: CliCommand): readonly string[] =>
    command.commands.length === 0
      ? [pathOf(command)]
      : command.commands.flatMap((child) => leaves(child));
  const pathOf = (command: CliCommand): string =>
    command.parent?.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
  const run = (role: Role, path: string, args: readonly string[]) =>
    runCommand([...path.split(" "), ...args], {
      cwd: t.directory,
      env: { AGENT_RUNTIME_ADMIN_API_URL: t.url, AGENT_RUNTIME_ADMIN_TOKEN: keys.get(role) ?? "" },
    });

  test("has a line in the walk for each of its commands", () => {
    expect([...leaves(createProgram({ exitCode: 0 }))].sort()).toEqual(
      [...Object.keys(TERMINAL_WALK), ...TERMINAL_ALONE].sort(),
    );
  });

  test.each(Object.entries(TERMINAL_WALK))("%s", async (path, [least, ...args]) => {
    const below = ROLES[ROLES.indexOf(least) + 1];
    const refused = { exitCode: 1, stdout: "", stderr: expect.stringContaining(REFUSED_ROLE) };
    if (below !== undefined) expect(await run(below, path, args)).toMatchObject(refused);
    expect((await run(least, path, args)).stderr).not.toContain(REFUSED_ROLE);
  });
});
