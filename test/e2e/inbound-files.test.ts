import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { type FileScene, openFileScene, PDF } from "../support/open-file-scene.ts";
import { addPerson, pairPerson } from "../support/pair-people.ts";

let s: FileScene;
afterEach(() => s.t.close());

describe("a file that a paired person sends", () => {
  test("is in the workspace before the answer begins, by its hash and its bytes' type", async () => {
    s = await openFileScene();
    s.send(s.owner, PDF, "report.pdf", "What is in it?");
    const answer = await s.reply("1 file came with it");
    const file = await s.settled("saved");
    const sha256 = createHash("sha256").update(PDF).digest("hex");
    const day = new Date().toISOString().slice(0, 10).replaceAll("-", "/");
    expect(file).toMatchObject({
      name: "report.pdf",
      kind: "document",
      media_type: "application/pdf",
      size_bytes: PDF.length,
      sha256,
      taint: 1,
      path: `inbox/${day}/${sha256.slice(0, 16)}-report.pdf`,
    });
    expect(s.read(file)).toEqual(PDF);
    expect(answer.text).toContain(`"report.pdf", application/pdf, 12 KB, saved in the workspace`);
    expect(answer.text).toContain(String(file.path));
    expect(answer.text).toContain("You wrote “What is in it?”");
    const path = s.pathOf(file);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(path, "..")).mode & 0o777).toBe(0o700);
    expect(s.list()).toHaveLength(1);
  });

  test("needs no words: photos in their largest size, voice, video, whatever they are called", async () => {
    s = await openFileScene();
    const jpeg = (size: number) =>
      Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(size)]);
    const photo = [
      { ...s.t.telegram.file(jpeg(100)), width: 90, height: 60 },
      { ...s.t.telegram.file(jpeg(900)), width: 900, height: 600 },
      { ...s.t.telegram.file(jpeg(500)), width: 320, height: 200 },
    ];
    s.t.telegram.send(s.owner.chat, s.owner.user, { photo });
    const answer = await s.reply('"photo", image/jpeg, 903 bytes');
    expect(answer.text).toContain("You sent no words.");
    const voice = s.t.telegram.file(Buffer.from("OggS and then OpusHead"));
    s.t.telegram.send(s.owner.chat, s.owner.user, { voice });
    await s.reply('"voice", audio/ogg');
    const animation = s.t.telegram.file(Buffer.from("GIF89a....."), { file_name: "cat.gif" });
    s.t.telegram.send(s.owner.chat, s.owner.user, { animation, document: animation });
    await s.reply('"cat.gif", image/gif');
    await s.t.idle();
    const files = await s.t.rows("files");
    expect(files.map(({ path }) => path?.split("-").at(-1))).toEqual([
      "photo.jpg",
      "voice.ogg",
      "cat.gif",
    ]);
    expect(files.map(({ kind }) => kind)).toEqual(["photo", "voice", "animation"]);
    expect(s.list()).toHaveLength(3);
  });

  test("with a caption that is /task is there before the task begins", async () => {
    s = await openFileScene();
    s.t.telegram.fault("file", { kind: "status", status: 502 });
    s.send(s.owner, Buffer.from("# Notes\n"), "notes.md", "/task sum it up");
    await s.reply("is queued: sum it up");
    const done = await s.reply("Done: sum it up");
    expect(done.text).toContain('"notes.md", text/markdown, 8 bytes, saved in the workspace as');
    expect(await s.t.rows("messages")).toContainEqual(expect.objectContaining({ outcome: "task" }));
  });

  test("is not left behind by a caption that asks for a command in plain words", async () => {
    s = await openFileScene();
    s.send(s.owner, PDF, "report.pdf", "create a task to sum it up");
    const answer = await s.reply("1 file came with it");
    expect(answer.text).toContain("send /task and what to do with the file");
    expect(answer.buttons.flat().map(({ text }) => text)).toEqual(["Show all commands"]);
  });

  test("sent again is the same file, and told of by /explain and over HTTP", async () => {
    s = await openFileScene();
    const { message_id } = s.send(s.owner, PDF, "report.pdf");
    s.send(s.owner, PDF, "report.pdf");
    await s.t.until(async () => {
      const files = await s.t.rows("files");
      return files.length === 2 && files.every(({ state }) => state === "saved")
        ? files
        : undefined;
    });
    await s.t.idle();
    expect(s.list()).toHaveLength(1);
    const message = await s.t.row(
      "messages",
      (row) => row.external_message_id === `1001:${message_id}`,
    );
    const { body } = await s.t.api("GET", `/api/v1/messages/${message.id}/explain`);
    expect(body.files).toMatchObject([
      { name: "report.pdf", state: "saved", media_type: "application/pdf", size_bytes: PDF.length },
    ]);
    expect(body.lines.join("\n")).toContain('"report.pdf": saved, application/pdf, 12 KB, inbox/');
    s.t.telegram.say(s.owner.chat, s.owner.user, `/explain ${message.id}`);
    expect((await s.reply("Files:")).text).toContain("saved: report.pdf, application/pdf, 12 KB");
  });

  test("stays with a caption that is edited: in the answer that waits, and in a later one", async () => {
    s = await openFileScene();
    s.t.telegram.fault("file", { kind: "status", status: 502 });
    const message = s.send(s.owner, PDF, "report.pdf", "Sum it");
    await s.t.row("messages", ({ rule }) => rule === "conversation");
    s.t.telegram.edit(message, "Sum it up");
    const answer = await s.reply("1 file came with it");
    expect(answer.text).toContain("You wrote “Sum it up”");
    await s.t.idle();
    expect(await s.t.rows("files")).toHaveLength(1);
    s.t.telegram.edit(message, "Translate it", Math.floor(Date.now() / 1_000) + 5);
    const later = await s.reply("You wrote “Translate it”");
    expect(later.text).toContain('"report.pdf", application/pdf');
    await s.t.idle();
    expect((await s.t.rows("files")).map(({ state }) => state)).toEqual(["saved", "saved"]);
    expect(s.list()).toHaveLength(1);
    expect(s.t.telegram.sent).toHaveLength(3);
  });

  test("holds up no command while it comes in, and stops when told", async () => {
    s = await openFileScene();
    s.t.telegram.fault("file", { kind: "silent" });
    s.send(s.owner, PDF, "report.pdf", "Read it");
    await s.t.telegram.nextRequest(({ method }) => method === "file");
    s.t.telegram.say(s.owner.chat, s.owner.user, "/status");
    await s.reply("queued: an answer");
    s.t.telegram.say(s.owner.chat, s.owner.user, "stop");
    await s.reply("cancelled");
    await s.t.idle();
    expect(await s.t.rows("files")).toMatchObject([{ state: "failed", reason: "cancelled" }]);
    expect(s.list()).toEqual([]);
    expect(s.t.telegram.sent.some(({ text }) => text.includes("could not be saved"))).toBe(false);
  });

  test("of a task that is cancelled meanwhile is not waited for", async () => {
    s = await openFileScene();
    s.t.telegram.fault("file", { kind: "silent" });
    s.send(s.owner, PDF, "report.pdf", "/task read it");
    await s.t.telegram.nextRequest(({ method }) => method === "file");
    const task = await s.t.row("tasks", ({ prompt }) => prompt === "read it");
    s.t.telegram.say(s.owner.chat, s.owner.user, `/cancel ${task.id}`);
    await s.reply("is cancelled: read it");
    await s.t.idle();
    expect(await s.t.rows("files")).toMatchObject([{ state: "failed", reason: "cancelled" }]);
  });
});

describe("nothing is fetched", () => {
  test("of strangers, of group talk, of viewers, of commands", async () => {
    s = await openFileScene();
    const viewer = await pairPerson(s.t, { id: 1003, name: "Vera", role: "viewer" });
    const eve = addPerson(s.t, 6666, "Eve");
    s.send(eve, PDF, "evil.pdf", "Read this");
    await s.reply("I do not know you yet.");
    const group = s.t.telegram.group(-500, "Team");
    s.send({ chat: group, user: s.owner.user }, PDF, "private-matters.pdf", "look at that");
    s.send({ chat: group, user: eve.user }, PDF, "evil.pdf", "@runtime_bot read this");
    s.send(viewer, PDF, "report.pdf", "Read this");
    await s.reply("may look, but not talk");
    s.send(s.owner, PDF, "report.pdf", "/help");
    await s.reply("What you can do here");
    await s.t.idle();
    expect(s.asked()).toBe(0);
    expect(await s.t.rows("files")).toEqual([]);
    expect(JSON.stringify(await s.t.rows("messages"))).not.toContain("private-matters");
    s.send({ chat: group, user: s.owner.user }, PDF, "report.pdf", "@runtime_bot look at that");
    await s.reply("1 file came with it");
    expect((await s.settled("saved")).name).toBe("report.pdf");
  });
});

describe("a name", () => {
  test.each([
    ["../../../etc/passwd", /-passwd$/],
    ["..\\..\\windows\\system.ini", /-system\.ini$/],
    ["a\u0000b.txt", /-ab\.txt$/],
    ["invoice\u202Efdp.exe", /-invoicefdp\.exe$/],
    [`${"long ".repeat(60)}.md`, /-long_.*….md$/],
    ["Отчёт за год.pdf", /-Отчёт_за_год\.pdf$/],
    ["", /-document\.txt$/],
    ["...", /-document\.txt$/],
    ["$(reboot); `id`", /-reboot_id_?$/],
  ])("%j stays in its directory and tells no lies", async (name, path) => {
    s = await openFileScene();
    s.send(s.owner, Buffer.from("plain words"), name);
    await s.reply("1 file came with it");
    const file = await s.settled("saved");
    expect(file.path).toMatch(path);
    expect(file.path).toMatch(/^inbox\/\d{4}\/\d\d\/\d\d\/[0-9a-f]{16}-[^/]+$/);
    expect(Buffer.byteLength(file.path?.split("/").at(-1) ?? "")).toBeLessThan(160);
    expect(s.read(file).toString()).toBe("plain words");
    expect(s.list()).toHaveLength(1);
  });
});
