import { expect, test } from "vitest";
import { notFound } from "./typed-id.ts";

const TASK = { prefix: "task", name: "task" } as const;

test("an unknown id is repeated, but no half of what may be a secret", () => {
  expect(notFound(TASK, "k3v9qd").message).toBe("I know no task k3v9qd.");
  const token = `987654321:${"Ab-_".repeat(9)}`;
  expect(notFound(TASK, token).message).toBe("I know no task ….");
});
