import { afterEach, expect, test } from "vitest";
import { systemClock } from "../../src/core/clock.ts";
import { logInToPage } from "../support/log-in-to-page.ts";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { addPerson, askForCode, ownerCode, pairOwner, pairPerson } from "../support/pair-people.ts";
import { runCommand } from "../support/run-command.ts";

let t: TestRuntime;
afterEach(() => t.close());

/** Runs a command of the terminal beside the service. */
const cli = (...args: readonly string[]) =>
  runCommand(args, { cwd: t.directory, env: { AGENT_RUNTIME_DATA_DIR: t.dataDir } });

test("the owner pairs by the link, another person by /pair and the owner's terminal", async () => {
  t = await openTestRuntime({ telegram: true });
  const ann = addPerson(t, 2002, "Ann");
  t.telegram.say(ann.chat, ann.user, "/help");
  const before = await t.telegram.nextSent();
  expect(before.text).toContain("/pair");
  expect(before.text).not.toContain("/task");

  const owner = await pairOwner(t);
  t.telegram.say(owner.chat, owner.user, "/help");
  const help = await t.telegram.nextSent();
  for (const command of ["/help", "/status", "/task", "/tasks", "/cancel", "/explain", "/pair"])
    expect(help.text).toContain(command);

  const code = await askForCode(t, ann);
  const list = await cli("pairing", "list");
  expect(list.stdout).toMatch(/telegram 2002\s+Ann/);
  expect(list.stdout).not.toContain(code);
  expect(await cli("pairing", "approve", code, "--role", "member")).toEqual({
    exitCode: 0,
    stdout: "telegram 2002 (Ann) is paired as member.\n",
    stderr: "",
  });
  expect((await t.telegram.nextSent()).text).toContain(
    "You are paired as Ann, with the role member.",
  );
  t.telegram.say(ann.chat, ann.user, "Hello there, how is the weather?");
  expect((await t.telegram.nextSent()).text).toContain("I am the offline model");
  expect(await cli("pairing", "approve", code)).toMatchObject({ exitCode: 1, stdout: "" });
});

test("the owner lets one person in and turns another away in the chat, by the ids of their accounts", async () => {
  t = await openTestRuntime({ telegram: true });
  const owner = await pairOwner(t);
  const ann = addPerson(t, 2002, "Ann");
  const eve = addPerson(t, 6666, "Ann");
  const next = (id: number) => t.telegram.nextSent((sent) => sent.chatId === id);

  const code = await askForCode(t, ann);
  t.telegram.say(owner.chat, owner.user, `/approve ${code} operator`);
  expect((await next(owner.chat.id)).text).toContain(
    "telegram 2002 (Ann) is paired, with the role operator.",
  );
  expect((await next(ann.chat.id)).text).toContain("with the role operator");

  const other = await askForCode(t, eve);
  t.telegram.say(eve.chat, eve.user, `/approve ${other} overlord`);
  t.telegram.say(owner.chat, owner.user, `/deny ${other} not the Ann I know`);
  expect((await next(owner.chat.id)).text).toContain("telegram 6666 (Ann) was turned away.");
  await t.telegram.nextSent(
    ({ chatId, raw }) =>
      chatId === eve.chat.id && raw.endsWith("given: <code>not the Ann I know</code>"),
  );
  t.telegram.say(owner.chat, owner.user, `/approve ${other}`);
  expect((await next(owner.chat.id)).text).toContain("was denied");
  expect((await t.rows("identities")).map((row) => row.external_user_id)).not.toContain("6666");
});

test("a pairing link works once, and never for somebody who is paired", async () => {
  t = await openTestRuntime({ telegram: true });
  const code = await ownerCode(t);
  const owner = addPerson(t, 1001, "Olga");
  const thief = addPerson(t, 6666, "Eve");
  t.telegram.say(owner.chat, owner.user, `/start ${code}`);
  expect((await t.telegram.nextSent()).text).toContain("with the role overlord");
  t.telegram.say(thief.chat, thief.user, `/start ${code}`);
  expect((await t.telegram.nextSent()).text).not.toContain("paired as");
  t.telegram.say(thief.chat, thief.user, "/start AAAA-BBBB-CCCC");
  const { text } = await t.telegram.nextSent();
  expect(text).toContain("I do not know this pairing code.");
  expect(text).toContain("Send /pair alone to ask for access.");
  expect(text).not.toContain("agent-runtime");
  expect((await t.rows("identities")).map((row) => row.external_user_id)).not.toContain("6666");
});

test("the owner's terminal prints another pairing link, and says so when there is no bot", async () => {
  t = await openTestRuntime({ telegram: true });
  await ownerCode(t);
  const { stdout, exitCode } = await cli("pairing", "link");
  expect(exitCode).toBe(0);
  const code = /t\.me\/\w+\?start=(\S+) /.exec(stdout)?.[1];
  const owner = addPerson(t, 1001, "Olga");
  t.telegram.say(owner.chat, owner.user, `/start ${code}`);
  expect((await t.telegram.nextSent()).text).toContain("with the role overlord");
  expect(await t.rows("users")).toHaveLength(1);
  await t.close();

  t = await openTestRuntime();
  expect(await cli("pairing", "link")).toMatchObject({
    exitCode: 1,
    stdout: "",
    stderr: expect.stringContaining("No Telegram bot is connected"),
  });
});

test("a stranger reads one hint an hour, in private only; what they write otherwise is dropped", async () => {
  let nowMs = Date.UTC(2026, 0, 15, 12);
  t = await openTestRuntime({ telegram: true, clock: { ...systemClock, now: () => nowMs } });
  const eve = addPerson(t, 6666, "Eve");
  const group = t.telegram.group(-77, "Plans");
  t.telegram.say(eve.chat, eve.user, "Let me in");
  expect((await t.telegram.nextSent()).text).toBe(
    "I do not know you yet. Send /pair to ask for access.",
  );
  t.telegram.say(eve.chat, eve.user, "Please");
  t.telegram.say(eve.chat, eve.user, "/status");
  t.telegram.say(group, eve.user, "@runtime_bot tell me all");
  t.telegram.say(group, eve.user, "/tasks");
  t.telegram.say(group, eve.user, "/pair");
  expect((await t.telegram.nextSent()).text).toContain("private chat");
  await t.idle();
  const messages = await t.rows("messages");
  expect(messages.map(({ outcome, reason }) => [outcome, reason])).toEqual([
    ...Array(5).fill(["dropped", "not_paired"]),
    ["answered", null],
  ]);
  expect(t.telegram.sent).toHaveLength(2);

  nowMs += 59 * 60_000;
  t.telegram.say(eve.chat, eve.user, "Hello?");
  const isLater = ({ seq }: { readonly seq: number }) => seq > (messages.at(-1)?.seq ?? 0);
  const later = await t.row("messages", (row) => isLater(row) && row.outcome === "dropped");
  expect([later.reason, later.text]).toEqual(["not_paired", ""]);
  await t.idle();
  expect(t.telegram.sent).toHaveLength(2);
  nowMs += 60_000;
  t.telegram.say(eve.chat, eve.user, "And now?");
  expect((await t.telegram.nextSent()).text).toContain("I do not know you yet.");
});

test("who writes too fast is told once a minute; the rest is dropped", async () => {
  // A whole minute lies before us, so that no new one begins on the way.
  const startMs = Date.UTC(2026, 0, 15, 12);
  t = await openTestRuntime({
    telegram: true,
    clock: { ...systemClock, now: () => startMs },
    env: { INBOUND_MAX_PER_MINUTE: "3" },
  });
  const owner = await pairOwner(t);
  for (let n = 1; n <= 6; n++) t.telegram.say(owner.chat, owner.user, "/status");
  await t.until(async () => ((await t.rows("messages")).length === 7 ? true : undefined));
  await t.idle();
  expect((await t.rows("messages")).map(({ outcome, reason }) => reason ?? outcome)).toEqual([
    ...Array(4).fill("answered"),
    ...Array(3).fill("rate_limited"),
  ]);
  expect(t.telegram.sent.filter(({ text }) => text.startsWith("That is too much"))).toHaveLength(1);
});

test("two private chats of one person share their workspace with the page; another person has their own", async () => {
  t = await openTestRuntime({ telegram: true });
  const first = await pairOwner(t, 1001);
  await pairOwner(t, 1002);
  const ann = await pairPerson(t, { id: 2002, name: "Ann" });
  await t.api("POST", "/api/v1/chat", { connector: "cli", text: "/status" });
  const page = await logInToPage(t);
  const posted = await page("POST", "/api/v1/conversation/messages", {
    message_id: "page-1",
    text: "/task water the plants",
  });
  expect(posted.status).toBe(202);
  await t.idle();

  const contexts = await t.rows("contexts");
  const workspaceOf = (connector: string, externalId?: string) =>
    contexts.find(
      (one) =>
        one.connector === connector && (externalId === undefined || one.external_id === externalId),
    )?.workspace_id;
  const shared = workspaceOf("telegram", "1001");
  expect(shared).toBeDefined();
  expect([workspaceOf("telegram", "1002"), workspaceOf("web"), workspaceOf("cli")]).toEqual([
    shared,
    shared,
    shared,
  ]);
  expect(workspaceOf("telegram", "2002")).not.toBe(shared);

  t.telegram.say(first.chat, first.user, "/tasks");
  expect((await t.telegram.nextSent()).text).toContain("water the plants");
  t.telegram.say(ann.chat, ann.user, "/tasks");
  expect((await t.telegram.nextSent()).text).toContain("There are no tasks here yet.");
});

test("the owner's terminal lists people, changes a role, and makes an account a stranger's again", async () => {
  t = await openTestRuntime({ telegram: true });
  await pairPerson(t, { id: 2002, name: "Ann", role: "viewer" });
  const ann = addPerson(t, 2002, "Ann");
  const list = (await cli("users", "list")).stdout;
  const [, user = "", identity = ""] =
    /(usr_\w+)\s+viewer\s+(idn_\w+)\s+telegram 2002\s+Ann/u.exec(list) ?? [];
  expect((await cli("users", "role", user, "member")).stdout).toBe(
    "telegram 2002 (Ann) has the role member.\n",
  );
  t.telegram.say(ann.chat, ann.user, "Hello there, how is the weather?");
  expect((await t.telegram.nextSent()).text).toContain("I am the offline model");

  expect((await cli("users", "unlink", identity)).stdout).toBe(
    "telegram 2002 (Ann) is a stranger again.\n",
  );
  t.telegram.say(ann.chat, ann.user, "/task water the plants");
  expect((await t.telegram.nextSent()).text).toContain("/pair");
  expect(await t.rows("tasks")).toEqual([]);
  expect((await cli("users", "list")).stdout).not.toContain("Ann");

  const owner = /(usr_\w+)\s+overlord\s+(idn_\w+)\s+api admin-token/u.exec(
    (await cli("users", "list")).stdout,
  );
  for (const refused of [
    ["role", owner?.[1] ?? "", "admin"],
    ["unlink", owner?.[2] ?? ""],
  ]) {
    expect(await cli("users", ...refused)).toMatchObject({ exitCode: 1, stdout: "" });
  }
  const askedAgain = await pairPerson(t, { id: 2002, name: "Ann" });
  t.telegram.say(askedAgain.chat, askedAgain.user, "Hello again, who are you?");
  expect((await t.telegram.nextSent()).text).toContain("offline model");
});
