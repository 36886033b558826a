import { afterEach, expect, test } from "vitest";
import { type FileScene, openFileScene } from "../support/open-file-scene.ts";
import { pairPerson } from "../support/pair-people.ts";

let s: FileScene;
afterEach(() => s.t.close());

const outcomes = async () =>
  (await s.t.rows("messages")).slice(1).map(({ outcome, reason }) => reason ?? outcome);
const runs = () => s.t.rows("runs");

test("an album gets one answer, to its caption and all its files, within the limits of a person", async () => {
  s = await openFileScene();
  const member = await pairPerson(s.t, { id: 1003, name: "Mia", role: "member" });
  s.sendAlbum(member, 10, "What are these?");
  const answer = await s.reply("10 files came with it");
  expect(answer.text).toContain("You wrote “What are these?”");
  expect(answer.text.match(/"\d\.txt"/g)).toHaveLength(10);
  await s.t.idle();
  expect(await runs()).toMatchObject([{ state: "succeeded" }]);
  const told = (await s.t.rows("messages")).filter(
    ({ rule }) => rule === "conversation" || rule === "album",
  );
  expect(told).toHaveLength(10);
  expect(new Set(told.map(({ outcome, run_id }) => `${outcome} ${run_id}`)).size).toBe(1);
  const last = await s.t.api("GET", `/api/v1/messages/${told.at(-1)?.id}/explain`);
  expect(last.body).toMatchObject({
    outcome: "answered",
    files: [{ name: "9.txt", state: "saved" }],
    deliveries: [{ state: "sent" }],
  });
});

test("the caption may be with any part, and the parts may come in pieces and again", async () => {
  s = await openFileScene();
  const [first] = s.sendAlbum(s.owner, 2);
  await s.t.row("messages", ({ external_message_id: id }) => id === `1001:${first?.message_id}`);
  const document = s.t.telegram.file(Buffer.from("last"), { file_name: "last.txt" });
  const part = { document, media_group_id: first?.["media_group_id"] };
  s.t.telegram.send(s.owner.chat, s.owner.user, part, "And these?");
  s.t.telegram.updates.redeliver(3);
  const answer = await s.reply("3 files came with it");
  expect(answer.text).toContain("You wrote “And these?”");
  await s.t.idle();
  expect(await outcomes()).toEqual(["answered", "answered", "answered"]);
  expect(s.t.telegram.sent).toHaveLength(2);
});

test("what is said between two parts is answered on its own, in order", async () => {
  s = await openFileScene();
  const [first] = s.sendAlbum(s.owner, 1, "one");
  s.t.telegram.say(s.owner.chat, s.owner.user, "two");
  const document = s.t.telegram.file(Buffer.from("last"), { file_name: "last.txt" });
  const part = { document, media_group_id: first?.["media_group_id"] };
  s.t.telegram.send(s.owner.chat, s.owner.user, part);
  await s.reply("last.txt");
  await s.t.idle();
  const said = s.t.telegram.sent.slice(1).map(({ text }) => text);
  expect(said).toHaveLength(3);
  expect(said[0]).toContain("“one”");
  expect(said[1]).toContain("“two”");
});

test("stop ends it as a whole, with what is still being fetched", async () => {
  s = await openFileScene();
  s.t.telegram.fault("file", { kind: "silent" });
  s.sendAlbum(s.owner, 3, "What are these?");
  await s.t.until(async () => ((await s.t.rows("files")).length === 3 ? true : undefined));
  await s.t.telegram.nextRequest(({ method }) => method === "file");
  s.t.telegram.say(s.owner.chat, s.owner.user, "stop");
  await s.reply("cancelled");
  await s.t.idle();
  expect(await outcomes()).toEqual(["cancelled", "cancelled", "cancelled", "answered"]);
  expect((await s.t.rows("files")).map(({ reason }) => reason)).toEqual(
    Array.from({ length: 3 }, () => "cancelled"),
  );
  expect(s.list()).toEqual([]);
});

test("one part that cannot be saved is told, and the others are answered", async () => {
  s = await openFileScene();
  const gone = "Bad Request: wrong remote file identifier specified";
  s.t.telegram.fault("getFile", { kind: "refuse", status: 400, description: gone });
  s.sendAlbum(s.owner, 3);
  await s.reply("The file 0.txt could not be saved.");
  const answer = await s.reply("3 files came with it");
  expect(answer.text).toContain('"0.txt" could not be read');
  await s.t.idle();
  expect(await outcomes()).toEqual(["answered", "answered", "answered"]);
});

test("whose caption is /task is one task with all its files, also when that is cancelled", async () => {
  s = await openFileScene();
  s.sendAlbum(s.owner, 3, "/task sort them");
  const done = await s.reply("Done: sort them");
  expect(done.text).toContain("3 files came with it");
  await s.t.idle();
  expect(await outcomes()).toEqual(["task", "task", "task"]);
  const parts = await s.t.rows("messages");
  const last = await s.t.api("GET", `/api/v1/messages/${parts.at(-1)?.id}/explain`);
  expect(last.body).toMatchObject({ rule: "album", task: { status: "succeeded" } });
  expect(last.body.deliveries).not.toEqual([]);

  s.t.telegram.fault("file", { kind: "silent" });
  s.sendAlbum(s.owner, 3, "/task burn them");
  await s.t.until(async () => ((await s.t.rows("files")).length === 6 ? true : undefined));
  const task = await s.t.row("tasks", ({ prompt }) => prompt === "burn them");
  s.t.telegram.say(s.owner.chat, s.owner.user, `/cancel ${task.id}`);
  await s.reply("is cancelled: burn them");
  await s.t.idle();
  const reasons = (await s.t.rows("files")).map(({ reason, state }) => reason ?? state);
  expect(reasons).toEqual(["saved", "saved", "saved", "cancelled", "cancelled", "cancelled"]);
});

test("of somebody else is not joined, whatever its id says", async () => {
  s = await openFileScene();
  const mia = await pairPerson(s.t, { id: 1003, name: "Mia", role: "member" });
  const group = s.t.telegram.group(-500, "Team");
  const send = (user: typeof mia.user, name: string) => {
    const document = s.t.telegram.file(Buffer.from(name), { file_name: name });
    s.t.telegram.send(
      { ...group },
      user,
      { document, media_group_id: "7" },
      `@runtime_bot ${name}`,
    );
  };
  send(s.owner.user, "ours.txt");
  send(mia.user, "theirs.txt");
  expect((await s.reply("ours.txt")).text).toContain("1 file came with it");
  expect((await s.reply("theirs.txt")).text).toContain("1 file came with it");
  await s.t.idle();
});

test("whose caption is edited while it waits is answered to what that says now", async () => {
  s = await openFileScene();
  s.t.telegram.fault("file", { kind: "status", status: 502 }, 2);
  const [first] = s.sendAlbum(s.owner, 3, "What are tese?");
  await s.t.until(async () => ((await s.t.rows("files")).length === 3 ? true : undefined));
  if (first !== undefined) s.t.telegram.edit(first, "What are these?");
  const answer = await s.reply("3 files came with it");
  expect(answer.text).toContain("You wrote “What are these?”");
  await s.t.idle();
  expect(await outcomes()).toEqual(["answered", "answered", "answered", "replaced"]);
  expect(await s.t.rows("files")).toHaveLength(3);
});

test("whose caption becomes a command is still answered, and the command is done", async () => {
  s = await openFileScene();
  s.t.telegram.fault("file", { kind: "status", status: 502 }, 2);
  const [first] = s.sendAlbum(s.owner, 3, "sort them");
  await s.t.until(async () => ((await s.t.rows("files")).length === 3 ? true : undefined));
  if (first !== undefined) s.t.telegram.edit(first, "/task sort them");
  await s.reply("Done: sort them");
  await s.t.idle();
  expect(await outcomes()).toEqual(["answered", "answered", "answered", "task"]);
  expect(await s.t.rows("tasks")).toMatchObject([{ status: "succeeded" }]);
});
