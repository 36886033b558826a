import { expect, test } from "vitest";
import { judgeLink } from "./link-policy.ts";

test("web and mail addresses may be opened", () => {
  expect(judgeLink("https://example.org/a?b=1#c")).toBe("https://example.org/a?b=1#c");
  expect(judgeLink("HTTP://example.org")).toBe("http://example.org/");
  expect(judgeLink("mailto:a@example.org")).toBe("mailto:a@example.org");
});

test("everything else is text", () => {
  const hrefs = [
    "command:/cancel%20task_k3v9qd7m",
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
  for (const href of hrefs) expect(judgeLink(href)).toBeUndefined();
});
