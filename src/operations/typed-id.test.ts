import { expect, test } from "vitest";
import { notFound } from "./typed-id.ts";

const TASK = { prefix: "task", name: "task" } as const;

test("an unknown id is repeated, but nothing of what is too long for one and may be a secret", () => {
  expect(notFound(TASK, "k3v9qd").message).toBe("I know no task k3v9qd.");
  const token = `987654321:${"Ab-_".repeat(9)}`;
  expect(notFound(TASK, token).message).toBe("That is no id of a task: it is too long.");
});
