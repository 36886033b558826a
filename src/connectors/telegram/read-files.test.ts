import fc from "fast-check";
import { expect, test } from "vitest";
import { readFiles } from "./read-files.ts";

const file = { file_id: "F", file_unique_id: "U", file_size: 7 };

test.each(["document", "voice", "audio", "video", "animation"] as const)("a %s", (kind) => {
  expect(readFiles({ [kind]: { ...file, file_name: "a.bin" } })).toEqual({
    files: [{ kind, sourceId: "F", name: "a.bin", sizeBytes: 7 }],
  });
});

test("a photo is its largest size, in whatever order they come", () => {
  const photo = [
    { ...file, file_id: "M", width: 320, height: 200 },
    { ...file, file_id: "L", width: 1_280, height: 800, file_size: undefined },
    { ...file, file_id: "S", width: 90, height: 60 },
  ];
  expect(readFiles({ photo })).toEqual({
    files: [{ kind: "photo", sourceId: "L", name: null, sizeBytes: null }],
  });
});

test("an animation is one file, though it also stands as a document", () => {
  expect(readFiles({ document: file, animation: file }).files).toMatchObject([
    { kind: "animation" },
  ]);
});

test("a part of an album says of which", () => {
  expect(readFiles({ document: file, media_group_id: "13" })).toMatchObject({ albumId: "13" });
  for (const media_group_id of ["", 13, "x".repeat(65)]) {
    expect(readFiles({ document: file, media_group_id })).not.toHaveProperty("albumId");
  }
  expect(readFiles({ media_group_id: "13" })).toEqual({});
});

test.each([
  {},
  { sticker: file },
  { document: { file_name: "no id" } },
  { document: { file_id: "" } },
  { document: { file_id: "a\u0000b" } },
  { document: { file_id: "x".repeat(513) } },
  { photo: [] },
  { photo: "none" },
])("nothing in %j", (message) => {
  expect(readFiles(message)).toEqual({});
});

test("whatever stands there, it is read or left", () => {
  fc.assert(
    fc.property(fc.object({ maxDepth: 3 }), fc.anything(), (object, anything) => {
      for (const message of [object, { document: anything }, { photo: [anything] }]) {
        for (const { sourceId } of readFiles(message).files ?? []) expect(sourceId).not.toBe("");
      }
    }),
  );
});
