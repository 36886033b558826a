import { expect, test } from "vitest";
import { z } from "zod";
import { defineTool, type Tool } from "./tool.ts";
import { createToolbox } from "./toolbox.ts";

const aTool = (name: string, more: Partial<Tool> = {}): Tool => ({
  ...defineTool({
    name,
    class: "content",
    description: name,
    input: z.strictObject({}),
    effect: "read",
    timeLimitMs: 1,
    sensitivityOf: () => "read",
    describe: () => name,
    run: async () => ({ text: "" }),
  }),
  ...more,
});

test("tools come and go, and are offered in one order", () => {
  let changing = [aTool("b")];
  const box = createToolbox(
    [aTool("c"), aTool("a")],
    [{ list: () => changing, readWithout: async () => () => false }],
  );
  expect(box.offered.map(({ name }) => name)).toEqual(["a", "b", "c"]);
  expect(box.find("b")).toBe(changing[0]);
  changing = [];
  expect(box.offered.map(({ name }) => name)).toEqual(["a", "c"]);
  expect(box.find("b")).toBeUndefined();
});

test("nothing that comes takes the name of a tool of ours, and two of ours are a slip", () => {
  const ours = aTool("a");
  const theirs = aTool("a", { description: "theirs" });
  const box = createToolbox(
    [ours],
    [{ list: () => [theirs], readWithout: async () => () => false }],
  );
  expect(box.find("a")).toBe(ours);
  expect(box.offered.map(({ description }) => description)).toEqual(["a"]);
  expect(() => createToolbox([ours, theirs])).toThrow("two tools are called a");
});

test("a workspace goes without tools of a source; what it says wrongly turns the whole source off", async () => {
  const source = {
    list: () => [aTool("x"), aTool("y")],
    readWithout: async (workspace: string) => {
      if (workspace === "broken") throw new Error("no");
      return (tool: Tool) => tool.name === "x";
    },
  };
  const box = createToolbox([aTool("a")], [source]);
  expect((await box.in("w")).offered.map(({ name }) => name)).toEqual(["a", "y"]);
  expect((await box.in("w")).find("x")).toBeUndefined();
  expect((await box.in("broken")).offered.map(({ name }) => name)).toEqual(["a"]);
});

test("a schema that a tool brings along is offered as it is", () => {
  const inputSchema = { type: "object", properties: { a: { type: "string" } } };
  expect(createToolbox([aTool("a", { inputSchema })]).offered[0]?.inputSchema).toBe(inputSchema);
});
