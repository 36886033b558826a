import { mkdirSync, readdirSync, renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { Fault } from "../support/bot-api/faults.ts";
import { type FileScene, openFileScene, PDF } from "../support/open-file-scene.ts";

const MIB = 1_024 * 1_024;

let s: FileScene;
afterEach(() => s.t.close());

describe("a file that comes with difficulty", () => {
  const refuse = (status: number, description: string): Fault => ({
    kind: "refuse",
    status,
    description,
  });

  test.each<[string, "getFile" | "file", Fault]>([
    ["429 when asked where it is", "getFile", { kind: "flood", retryAfter: 2 }],
    ["429 when read", "file", { kind: "flood", retryAfter: 2 }],
    ["500", "getFile", { kind: "status", status: 500 }],
    ["a reset before", "file", { kind: "reset-before" }],
    ["a reset instead of an answer", "file", { kind: "reset-after" }],
    ["a reset in the middle", "file", { kind: "cut", afterBytes: 5_000 }],
    ["a proxy's page", "file", { kind: "html", status: 502 }],
    ["a proxy's page as if it were the file", "file", { kind: "html", status: 200 }],
    ["a part as if it were all", "file", { kind: "bytes", bytes: PDF.subarray(0, 100) }],
    ["404 for a path that has just run out", "file", refuse(404, "Not Found")],
    [
      "a file that is away for a moment",
      "getFile",
      refuse(400, "Bad Request: wrong file_id or the file is temporarily unavailable"),
    ],
    ["a wrong token for a moment", "getFile", refuse(401, "Unauthorized")],
    ["broken JSON", "getFile", { kind: "broken-json" }],
    ["an answer that names nothing", "getFile", { kind: "html", status: 500 }],
    ["a slow answer", "file", { kind: "slow", delayMs: 500 }],
  ])("is whole in the end: %s", async (_, method, fault) => {
    s = await openFileScene();
    s.t.telegram.fault(method, fault);
    s.send(s.owner, PDF, "report.pdf", "Read it");
    await s.reply("1 file came with it");
    const file = await s.settled("saved");
    expect(s.read(file)).toEqual(PDF);
    await s.t.idle();
    expect(s.list()).toHaveLength(1);
    expect(s.t.telegram.sent).toHaveLength(2);
  });

  test.each<[string, () => void, string, string]>([
    [
      "a server that never gives it out",
      () => s.t.telegram.fault("file", { kind: "status", status: 500 }, 5),
      "unreachable",
      "I asked for it more than once",
    ],
    [
      "Telegram's own limit",
      () => s.t.telegram.fault("getFile", refuse(400, "Bad Request: file is too big")),
      "too_large",
      "It is larger than 20 MB",
    ],
    [
      "a file that is gone",
      () =>
        s.t.telegram.fault(
          "getFile",
          refuse(400, "Bad Request: wrong remote file identifier specified"),
        ),
      "gone",
      "It is no longer there",
    ],
    [
      "more bytes than a file may have, whatever was declared",
      () => s.t.telegram.fault("file", { kind: "bytes", bytes: Buffer.alloc(20 * MIB + 1) }),
      "too_large",
      "It is larger than 20 MB",
    ],
    [
      "a wait of an hour",
      () => s.t.telegram.fault("getFile", { kind: "flood", retryAfter: 3_600 }, 5),
      "unreachable",
      "I asked for it more than once",
    ],
  ])(
    "and is not saved is told, and the answer comes without it: %s",
    async (_, breakIt, reason, told) => {
      s = await openFileScene();
      breakIt();
      s.send(s.owner, PDF, "report.pdf", "Read it");
      const notice = await s.reply("could not be saved");
      expect(notice.text).toContain("The file report.pdf could not be saved.");
      expect(notice.text).toContain(told);
      expect((await s.reply("1 file came with it")).text).toContain(
        '"report.pdf" could not be read',
      );
      expect(await s.settled("failed")).toMatchObject({ reason, path: null });
      await s.t.idle();
      expect(s.list()).toEqual([]);
      expect((await s.t.rows("jobs")).filter(({ state }) => state === "dead")).toEqual([]);
    },
  );

  test("and declared as too large is not asked for", async () => {
    s = await openFileScene();
    const document = s.t.telegram.file(PDF, { file_name: "film.mp4", file_size: 20 * MIB + 1 });
    s.t.telegram.send(s.owner.chat, s.owner.user, { document });
    await s.reply("It is larger than 20 MB");
    await s.t.idle();
    expect(s.asked()).toBe(0);
  });

  test.each(["/etc/passwd", "../../getMe", "documents//x", "a/../../../getMe", "", 7])(
    "at the path %j is not followed there",
    async (file_path) => {
      s = await openFileScene();
      const document = s.t.telegram.file(PDF, { file_name: "report.pdf" }, { file_path });
      s.t.telegram.send(s.owner.chat, s.owner.user, { document });
      await s.reply("could not be saved");
      await s.t.idle();
      expect(s.t.telegram.requests.filter(({ method }) => method === "file")).toEqual([]);
      expect(await s.t.rows("files")).toMatchObject([{ state: "failed", reason: "unreachable" }]);
    },
  );

  test("is written nowhere but into the workspace, also when its inbox is a link", async () => {
    s = await openFileScene();
    s.send(s.owner, PDF, "one.pdf");
    const { workspace_id: id } = await s.settled("saved");
    await s.t.idle();
    const inbox = join(s.t.dataDir, "workspaces", id, "inbox");
    const outside = join(s.t.directory, "outside");
    mkdirSync(outside);
    renameSync(inbox, join(s.t.directory, "away"));
    symlinkSync(outside, inbox);
    s.send(s.owner, PDF, "two.pdf");
    expect((await s.reply("could not be saved")).text).toContain("My disk did not take it");
    await s.t.idle();
    expect(readdirSync(outside, { recursive: true })).toEqual([]);
    expect(await s.t.rows("files")).toContainEqual(
      expect.objectContaining({ name: "two.pdf", state: "failed", reason: "not_saved" }),
    );
  });

  test("is one of as many as a day takes; the rest is told once an hour", async () => {
    s = await openFileScene({ INBOUND_FILES_MAX_PER_DAY: "2" });
    for (const n of [1, 2, 3, 4]) {
      s.send(s.owner, Buffer.from(`number ${n}`), `${n}.txt`);
      await s.reply("1 file came with it");
    }
    await s.t.idle();
    const files = await s.t.rows("files");
    expect(files.map(({ state, reason }) => reason ?? state)).toEqual([
      "saved",
      "saved",
      "daily_limit",
      "daily_limit",
    ]);
    const told = s.t.telegram.sent.filter(({ text }) => text.includes("I take 2 files a day"));
    expect(told).toHaveLength(1);
  });
});
