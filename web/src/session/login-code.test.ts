import { expect, test } from "vitest";
import { parseLoginCode } from "./login-code.ts";

test("finds the code in a login link's fragment", () => {
  expect(parseLoginCode("#login=k3v9qd7m")).toBe("k3v9qd7m");
  expect(parseLoginCode("#a=1&login=k3v9%2Dqd7m")).toBe("k3v9-qd7m");
});

test("finds nothing in other fragments", () => {
  for (const fragment of ["", "#", "#login=", "#login", "#tasks", "#xlogin=1"]) {
    expect(parseLoginCode(fragment)).toBeUndefined();
  }
});
