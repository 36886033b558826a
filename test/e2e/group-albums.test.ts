import { afterEach, beforeEach, expect, test } from "vitest";
import { allowAnswer } from "../support/allow-answer.ts";
import { type FileScene, openFileScene } from "../support/open-file-scene.ts";
import { addPerson, pairPerson } from "../support/pair-people.ts";

let s: FileScene;
let team: ReturnType<FileScene["t"]["telegram"]["group"]>;
beforeEach(async () => {
  s = await openFileScene();
  team = s.t.telegram.group(-500, "Team");
});
afterEach(() => s.t.close());

type Who = FileScene["owner"]["user"];

/** One part of an album in the group; it says something or nothing. */
function part(album: string, name: string, caption?: string, user: Who = s.owner.user) {
  const document = s.t.telegram.file(Buffer.from(name), { file_name: name });
  s.t.telegram.send(team, user, { document, media_group_id: album }, caption);
}
const inTeam = async () =>
  (await s.t.rows("messages")).filter(({ external_message_id: id }) => id.startsWith("-500:"));
const outcomes = async () => (await inTeam()).map(({ outcome, reason }) => reason ?? outcome);
const decided = (count: number) =>
  s.t.until(async () => {
    const rows = (await inTeam()).filter(({ rule }) => rule !== null);
    return rows.length === count ? rows : undefined;
  });
/** What follows files is said in the group once an admin has read it. */
const allowed = () => allowAnswer(s.t, s.owner.user);
const fileNames = async () => (await s.t.rows("files")).map(({ name }) => name);

test("an album in a group is ours as a whole when one part is", async () => {
  part("1", "a.txt", "@runtime_bot compare these");
  part("1", "b.txt");
  part("1", "c.txt");
  await allowed();
  const first = await s.reply("3 files came with it");
  expect(first.text).toContain("compare these");
  await s.t.idle();
  expect(await outcomes()).toEqual(Array(3).fill("answered"));
  expect(await fileNames()).toEqual(["a.txt", "b.txt", "c.txt"]);
});

test("what follows the part with /task belongs to the task", async () => {
  part("1", "a.txt", "/task sort them");
  part("1", "b.txt");
  await allowed();
  expect((await s.reply("Done: sort them")).text).toContain("2 files came with it");
  await s.t.idle();
  expect(await outcomes()).toEqual(["task", "task"]);
});

test("a part that comes when the answer has begun is answered on its own", async () => {
  part("1", "a.txt", "@runtime_bot look at these");
  await allowed();
  await s.t.idle();
  part("1", "b.txt");
  expect((await allowed()).text).toMatch(/1 file came with it.*"b\.txt"/su);
  await s.t.idle();
  expect(await outcomes()).toEqual(["answered", "answered"]);
});

test("of an album that is not meant for us nothing is kept, nor of what only looks like a part of one that is", async () => {
  const mia = await pairPerson(s.t, { id: 1003, name: "Mia", role: "member" });
  const vic = await pairPerson(s.t, { id: 1004, name: "Vic", role: "viewer" });
  const eve = addPerson(s.t, 6666, "Eve");
  part("1", "a.txt", "for you all");
  part("1", "b.txt");
  part("2", "c.txt", "@runtime_bot look", mia.user);
  part("2", "d.txt", undefined, s.owner.user);
  part("2", "e.txt", undefined, eve.user);
  part("3", "f.txt", "@runtime_bot look", vic.user);
  part("3", "g.txt", undefined, vic.user);
  await decided(7);
  expect((await allowed()).text).toContain('"c.txt"');
  await s.t.idle();
  const [, , ours, ...others] = await inTeam();
  expect(ours).toMatchObject({ outcome: "answered", text: "look" });
  expect(await outcomes()).toEqual([
    "not_addressed",
    "not_addressed",
    "answered",
    "not_addressed",
    "not_paired",
    "access_denied",
    "not_addressed",
  ]);
  const dropped = (await inTeam()).filter(({ outcome }) => outcome === "dropped");
  expect(dropped.map(({ text, payload }) => [text, payload])).toEqual(Array(5).fill(["", null]));
  expect(others).toHaveLength(4);
  expect(await fileNames()).toEqual(["c.txt"]);
});

test("a report with an album waits with all of it, and its files are fetched when it is started", async () => {
  s.t.telegram.say(team, s.owner.user, "/settings triage on");
  await s.reply("That holds from the next message on");
  const eve = addPerson(s.t, 6666, "Eve");
  part("1", "a.txt", "The gate is broken", eve.user);
  part("1", "b.txt", undefined, eve.user);
  const card = await s.reply("The gate is broken");
  await decided(3);
  expect(await fileNames()).toEqual([]);
  s.t.telegram.press(card, "Start", s.owner.user);
  await allowed();
  const done = await s.reply("Done:");
  expect(done.text).toContain("2 files came with it");
  await s.t.idle();
  expect(await outcomes()).toEqual(["answered", "task", "task"]);
});
