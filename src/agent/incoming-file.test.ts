import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openIncomingFile, openNewFile } from "./incoming-file.ts";

const AT = { id: "file_1", atMs: Date.UTC(2026, 0, 2, 23, 59) };
const DAY = "inbox/2026/01/02";
const MARKDOWN = { name: "notes.md", kind: "document" } as const;
const TEXT = "# Übung macht den Meister 👩‍👩‍👧\n";

let workspace: string;
beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), "agent-runtime-inbox-"));
});
afterEach(() => rm(workspace, { recursive: true, force: true }));

const list = () => readdir(join(workspace, DAY));

async function save(bytes: Buffer, file: Parameters<typeof keep>[1] = MARKDOWN, step = 5) {
  const incoming = await openIncomingFile(workspace, AT);
  for (let at = 0; at < bytes.length; at += step) {
    await incoming.take(bytes.subarray(at, at + step));
  }
  return await keep(incoming, file);
}

async function keep(
  incoming: Awaited<ReturnType<typeof openIncomingFile>>,
  file: Parameters<typeof incoming.keep>[0],
) {
  const kept = await incoming.keep(file);
  await incoming.discard();
  return kept;
}

test("the same bytes have the same path, however they came, and are there once", async () => {
  const bytes = Buffer.from(TEXT);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const path = `${DAY}/${sha256.slice(0, 16)}-notes.md`;
  for (const step of [1, 3, 5, 100]) {
    expect(await save(bytes, MARKDOWN, step)).toEqual({
      path,
      sha256,
      sizeBytes: bytes.length,
      mediaType: "text/markdown",
    });
  }
  expect(await list()).toEqual([path.split("/").at(-1)]);
  expect(await readFile(join(workspace, path), "utf8")).toBe(TEXT);
});

test("other bytes under the same name stand beside it", async () => {
  await save(Buffer.from("one"));
  await save(Buffer.from("two"));
  expect(await list()).toHaveLength(2);
});

test("bytes that are no text are none, whatever the name says", async () => {
  expect((await save(Buffer.from("# a\u0000b"))).mediaType).toBe("application/octet-stream");
  expect((await save(Buffer.from("halb: \xfc", "latin1"))).mediaType).toBe(
    "application/octet-stream",
  );
  const cutCharacter = Buffer.from("👩").subarray(0, 3);
  expect((await save(cutCharacter)).mediaType).toBe("application/octet-stream");
});

test("what a dead attempt left is replaced, and what is given up leaves nothing", async () => {
  await mkdir(join(workspace, DAY), { recursive: true });
  await writeFile(join(workspace, DAY, ".file_1.part"), "half of ano");
  const { path } = await save(Buffer.from("whole"));
  expect(await readFile(join(workspace, path), "utf8")).toBe("whole");
  const incoming = await openIncomingFile(workspace, AT);
  await incoming.take(Buffer.from("never mind"));
  await incoming.discard();
  expect(await list()).toEqual([path.split("/").at(-1)]);
});

test("takes twenty megabytes and not a byte more", async () => {
  const incoming = await openIncomingFile(workspace, AT);
  await incoming.take(Buffer.alloc(20 * 1_024 * 1_024));
  await expect(incoming.take(Buffer.alloc(1))).rejects.toMatchObject({ code: "too_large" });
  await incoming.discard();
  expect(await list()).toEqual([]);
});

test.each(["inbox", "inbox/2026", DAY])("a link at %s is not followed", async (place) => {
  const outside = await mkdtemp(join(tmpdir(), "agent-runtime-outside-"));
  try {
    await mkdir(join(workspace, place, ".."), { recursive: true });
    await symlink(outside, join(workspace, place));
    await expect(save(Buffer.from("x"))).rejects.toMatchObject({ code: "invalid_input" });
    expect(await readdir(outside)).toEqual([]);
  } finally {
    await rm(outside, { recursive: true, force: true });
  }
});

test("a link in the place of a file is replaced, not written through", async () => {
  const victim = join(workspace, "victim");
  await writeFile(victim, "precious");
  const { path } = await save(Buffer.from("x"));
  await rm(join(workspace, path));
  await symlink(victim, join(workspace, path));
  await symlink(victim, join(workspace, DAY, ".file_1.part"));
  await save(Buffer.from("x"));
  expect(await readFile(victim, "utf8")).toBe("precious");
  expect(await readFile(join(workspace, path), "utf8")).toBe("x");
});

test("what appears in the place of a new file is neither written to nor followed", async () => {
  const victim = join(workspace, "victim");
  await writeFile(victim, "precious");
  for (const target of [victim, join(workspace, "nowhere")]) {
    const link = `${target}-link`;
    await symlink(target, link);
    await expect(openNewFile(link)).rejects.toMatchObject({ code: "EEXIST" });
  }
  await expect(openNewFile(victim)).rejects.toMatchObject({ code: "EEXIST" });
  expect(await readFile(victim, "utf8")).toBe("precious");
  expect((await readdir(workspace)).toSorted()).toEqual(["nowhere-link", "victim", "victim-link"]);
});
