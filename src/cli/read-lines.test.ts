import fc from "fast-check";
import { expect, test } from "vitest";
import { readLines } from "./read-lines.ts";

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += size)
    yield bytes.subarray(start, start + size);
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

test("gives the lines of a pipe however it is cut into pieces", async () => {
  const line = fc.string({ unit: "grapheme" }).map((text) => text.replaceAll(/[\r\n]/g, ""));
  await fc.assert(
    fc.asyncProperty(fc.array(line), fc.integer({ min: 1, max: 7 }), async (lines, size) => {
      const input = Buffer.from(lines.map((text) => `${text}\n`).join(""));
      expect(await collect(readLines(inPieces(input, size), 10_000))).toEqual(lines);
    }),
  );
});

test("gives undefined for a line that is too long, and goes on after it", async () => {
  const input = Buffer.from(`ok\r\n${"x".repeat(11)}\n${"y".repeat(10)}\nlast`);
  expect(await collect(readLines(inPieces(input, 3), 10))).toEqual([
    "ok",
    undefined,
    "y".repeat(10),
    "last",
  ]);
});
