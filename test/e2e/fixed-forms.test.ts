import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { addPerson, pairOwner, pairPerson } from "../support/pair-people.ts";

let t: TestRuntime;
afterEach(() => t.close());

const chat = async (text: string) =>
  (await t.api("POST", "/api/v1/chat", { text, wait_seconds: 30 })).body.reply as string;

async function fileOf(path: string): Promise<string> {
  const [context] = await t.rows("contexts");
  return readFileSync(join(t.dataDir, "workspaces", context?.workspace_id ?? "", path), "utf8");
}

test("a form writes a file of the workspace, changes it and reads it again", async () => {
  t = await openTestRuntime();
  expect(await chat("write: notes/a.md hello you")).toContain("Wrote 9 bytes to notes/a.md.");
  expect(await fileOf("notes/a.md")).toBe("hello you");
  expect(await chat("edit: notes/a.md you => there\nread: notes/a.md")).toContain("hello ");
  expect(await fileOf("notes/a.md")).toBe("hello there");
  expect(await chat("write: ../../a.md out")).toContain("leads out of the workspace");
});

test("a button of the greeting does as a task what its form does", async () => {
  t = await openTestRuntime({ telegram: true });
  const owner = await pairOwner(t);
  t.telegram.say(owner.chat, owner.user, "hello");
  const greeting = await t.telegram.nextSent(({ text }) => text.startsWith("I am the offline"));
  t.telegram.press(greeting, "write: notes/try.md one two three");
  await t.telegram.nextSent(({ text }) => text.startsWith("Done: write: notes/try.md"));
  expect(await fileOf("notes/try.md")).toBe("one two three");
});

test("a member's command waits for an admin, also over a restart, and then runs once", async () => {
  t = await openTestRuntime({ telegram: true });
  const owner = await pairOwner(t);
  const ann = await pairPerson(t, { id: 2002, name: "Ann" });
  t.telegram.say(ann.chat, ann.user, "run: ls -a");
  const card = await t.telegram.nextSent(
    ({ text, chatId }) => chatId === owner.chat.id && text.includes("Approve this?"),
  );
  expect(card.text).toContain('Run ["ls","-a"]');
  await t.row("runs", ({ state }) => state === "parked");
  const [asked] = await t.rows("approvals");
  expect(asked).toMatchObject({ state: "pending", execution: "not_executed" });
  await t.restart();
  expect(await t.rows("approvals")).toEqual([asked]);
  t.telegram.press(card, "Approve");
  const answer = await t.telegram.nextSent(
    ({ text, chatId }) => chatId === ann.chat.id && text.includes("Offline model:"),
  );
  expect(answer.text).toMatch(/^Done, approved by .*Run \["ls","-a"\].*run_command answered:/su);
  await t.idle();
  expect(await t.rows("approvals")).toMatchObject([{ state: "approved", execution: "succeeded" }]);
  const steps = await t.rows("run_steps");
  expect(steps.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
    "model finished",
    "tool finished",
    "model finished",
  ]);
});

test.each([
  ["post: https://example.com/ hello", "http_request", "POST https://example.com/"],
  ["mail: ada@example.com Subject: Hi Text: It works.", "send_email", "ada@example.com"],
])(
  "what goes out to others asks the owner too, and does not go when it is denied: %s",
  async (text, tool, shown) => {
    const env = { SMTP_HOST: "127.0.0.1", SMTP_FROM: "agent@example.org" };
    t = await openTestRuntime({ telegram: true, env });
    const owner = await pairOwner(t);
    t.telegram.say(owner.chat, owner.user, text);
    const card = await t.telegram.nextSent((sent) => sent.text.includes("Approve this?"));
    expect(card.text).toContain(shown);
    t.telegram.press(card, "Deny");
    const answer = await t.telegram.nextSent((sent) => sent.text.includes("Offline model:"));
    expect(answer.text).toContain("Not done, denied by Owner");
    expect(answer.text).toContain(`${tool} answered with an error:`);
  },
);

test("the result of a task does not say that it is done when its call was denied", async () => {
  t = await openTestRuntime({ telegram: true });
  const owner = await pairOwner(t);
  t.telegram.say(owner.chat, owner.user, "/task post: https://example.com/ hello");
  t.telegram.press(await t.telegram.nextSent(({ text }) => text.includes("Approve this?")), "Deny");
  const result = await t.telegram.nextSent(({ text }) => text.includes("Offline model:"));
  expect(result.text).toMatch(/^Ended: post: https:\S+ hello\n\nNot done, denied by Owner/);
});

test("what the owner forwards is called as the words of somebody else: it asks, and says whose they are", async () => {
  t = await openTestRuntime({ telegram: true });
  const owner = await pairOwner(t);
  const eve = addPerson(t, 6666, "Eve");
  const forward_origin = { type: "user", sender_user: eve.user, date: 1_700_000_000 };
  t.telegram.say(owner.chat, owner.user, "write: notes/eve.md hello", { forward_origin });
  const card = await t.telegram.nextSent((sent) => sent.text.includes("Approve this?"));
  expect(card.text).toContain("The work has read what others wrote");
  expect(card.text).toContain("notes/eve.md");
  await expect(fileOf("notes/eve.md")).rejects.toThrow("ENOENT");
  t.telegram.press(card, "Approve");
  await t.telegram.nextSent((sent) => sent.text.startsWith("Done, approved by"));
  expect(await fileOf("notes/eve.md")).toBe("hello");
});
