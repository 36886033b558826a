import { expect, test } from "vitest";
import { judgeLink } from "./link-policy.ts";

test("web and mail addresses may be opened", () => {
  expect(judgeLink("https://example.org/a?b=1#c")).toEqual({
    kind: "web",
    url: "https://example.org/a?b=1#c",
  });
  expect(judgeLink("HTTP://example.org")).toEqual({ kind: "web", url: "http://example.org/" });
  expect(judgeLink("mailto:a@example.org").kind).toBe("web");
});

test("a command link says its command", () => {
  expect(judgeLink("command:/cancel%20task_k3v9qd7m")).toEqual({
    kind: "command",
    command: "/cancel task_k3v9qd7m",
  });
});

test("a command link says nothing but a command, and no second line", () => {
  for (const href of [
    "command:",
    "command:hello",
    "command:/a%0A/b",
    "command:/%",
    "command:%00/x",
  ]) {
    expect(judgeLink(href)).toEqual({ kind: "none" });
  }
});

test("everything else is text", () => {
  const hrefs = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    " javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "blob:https://example.org/x",
    "file:///etc/passwd",
    "vbscript:x",
    "/api/v1/tasks",
    "//example.org",
    "#fragment",
    "",
    undefined,
  ];
  for (const href of hrefs) expect(judgeLink(href)).toEqual({ kind: "none" });
});
