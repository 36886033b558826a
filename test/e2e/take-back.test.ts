import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock } from "../../src/core/clock.ts";
import type { Sent } from "../support/bot-api/chats.ts";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { pairOwner, pairPerson } from "../support/pair-people.ts";
import { runCommand } from "../support/run-command.ts";

let t: TestRuntime;
let server: Server;
let posts: string[];
beforeEach(async () => {
  posts = [];
  server = createServer((request, response) => {
    posts.push(`${request.method} ${request.url}`);
    request.resume();
    response.end("taken");
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
});
afterEach(async () => {
  await t.close();
  server.closeAllConnections();
  server.close();
});

const hostOf = () => `127.0.0.1:${(server.address() as AddressInfo).port}`;
async function open(undoSeconds: number) {
  t = await openTestRuntime({
    telegram: true,
    env: { TOOLS_ALLOWED_HOSTS: hostOf(), UNDO_SECONDS: String(undoSeconds) },
  });
  return { olga: await pairOwner(t), ann: await pairPerson(t, { id: 2002, name: "Ann" }) };
}
const cardIn = (id: number) =>
  t.telegram.nextSent(({ chatId, text }) => chatId === id && text.startsWith("Approve this?"));
const labelsOf = ({ buttons }: Sent) => buttons.flat().map(({ text }) => text);
const offers = (card: Sent, ...labels: readonly string[]) =>
  t.until(() => (labelsOf(card).join() === labels.join() ? true : undefined));
const says = (id: number, text: string) =>
  t.telegram.nextSent((sent) => sent.chatId === id && sent.text.includes(text));

test("an approved post waits behind a button, which whoever asked for it presses: nothing is sent", async () => {
  const { olga, ann } = await open(3_600);
  t.telegram.say(ann.chat, ann.user, `post: http://${hostOf()}/one hello`);
  const [anns, olgas] = [await cardIn(2002), await cardIn(1001)];
  t.telegram.press(olgas, "Approve", olga.user);
  await says(1001, "It is sent in 3600 s, unless somebody takes it back");
  await offers(anns, "Cancel");
  await offers(olgas, "Cancel");
  expect(anns.text).toContain("Approved by Owner");
  await t.restart();
  expect(await t.rows("approvals")).toMatchObject([{ execution: "delayed" }]);
  const old = { ...olgas };
  t.telegram.press(anns, "Cancel", ann.user);
  expect((await says(2002, "Taken back: POST")).text).toContain("It is not sent.");
  expect((await says(2002, "Offline model:")).text).toMatch(
    /^Taken back before it was sent: POST .*took this back before it was sent/su,
  );
  await offers(olgas);
  expect(olgas.text).toMatch(/Taken back by Ann/);
  t.telegram.press(old, "Cancel", olga.user);
  await t.telegram.nextAnswer(({ text }) => text.includes("Taken back by Ann"));
  const { id } = await t.row("approvals", ({ execution }) => execution === "taken_back");
  t.telegram.say(olga.chat, olga.user, `/cancel ${id}`);
  await says(1001, "was taken back already");
  expect(posts).toEqual([]);
});

test("a Cancel that was pressed in time while the service was down is heard before anything is sent", async () => {
  const { olga, ann } = await open(3_600);
  t.telegram.say(ann.chat, ann.user, `post: http://${hostOf()}/one hello`);
  const card = await cardIn(1001);
  t.telegram.press(card, "Approve", olga.user);
  await offers(card, "Cancel");
  await t.stop();
  t.telegram.press(card, "Cancel", olga.user);
  const laterMs = 2 * 3_600_000;
  await t.restart({ clock: { ...systemClock, now: () => systemClock.now() + laterMs } });
  await says(1001, "Taken back: POST");
  await t.idle();
  expect(await t.rows("approvals")).toMatchObject([{ execution: "taken_back" }]);
  expect(posts).toEqual([]);
});

test("nobody else below operator takes it back; over HTTP and in a terminal it is said how", async () => {
  const { olga, ann } = await open(3_600);
  const bob = await pairPerson(t, { id: 4004, name: "Bob" });
  t.telegram.say(ann.chat, ann.user, `post: http://${hostOf()}/one hello`);
  await cardIn(1001);
  const { id } = await t.row("approvals", ({ state }) => state === "pending");
  const approved = await runCommand(["approvals", "approve", id], {
    cwd: t.directory,
    env: { AGENT_RUNTIME_DATA_DIR: t.dataDir },
  });
  expect(approved.stdout).toContain(`${id} is approved. Until it is sent, /cancel ${id}`);
  const shown = await t.api("GET", `/api/v1/approvals/${id}`);
  expect(shown.body).toMatchObject({ execution: "delayed", executed_at: null });
  expect(shown.body.in_words).toContain("it waits for a while, so that it can be taken back");
  t.telegram.say(bob.chat, bob.user, `/cancel ${id}`);
  await says(4004, `I know no approval ${id}`);
  t.telegram.say(olga.chat, olga.user, `/cancel ${id}`);
  await says(1001, "Taken back: POST");
  await says(2002, "Taken back before it was sent");
  expect(posts).toEqual([]);
});

test("left alone it is sent once; a request over HTTP waits for that, and a late cancel says so", async () => {
  const { olga } = await open(1);
  const request = { text: `post: http://${hostOf()}/two hello`, message_id: "m1" };
  const asked = await t.api("POST", "/api/v1/chat", { ...request, wait_seconds: 30 });
  const { approval_id: id } = asked.body.waits_for[0];
  await t.api("POST", `/api/v1/approvals/${id}/decision`, { approved: true });
  const answer = await t.api("POST", "/api/v1/chat", { ...request, wait_seconds: 30 });
  expect(answer).toMatchObject({ status: 200, body: { outcome: "answered" } });
  expect(answer.body.reply).toMatch(/^Done, approved by Owner: POST/);
  t.telegram.say(olga.chat, olga.user, `/cancel ${id}`);
  await says(1001, `It is too late to take ${id} back`);
  await t.idle();
  expect(posts).toEqual(["POST /two"]);
});
