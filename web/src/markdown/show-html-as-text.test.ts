import type { Root } from "mdast";
import { expect, test } from "vitest";
import { showHtmlAsText } from "./show-html-as-text.ts";

test("no HTML is left, wherever it stood, and none of its text is lost", () => {
  const root: Root = {
    type: "root",
    children: [
      { type: "html", value: "<script>a()</script>" },
      {
        type: "paragraph",
        children: [
          { type: "html", value: "<b>" },
          { type: "text", value: "x" },
        ],
      },
      { type: "blockquote", children: [{ type: "html", value: "<details>" }] },
    ],
  };
  showHtmlAsText()(root);
  const text = JSON.stringify(root);
  expect(text).not.toContain('"html"');
  for (const written of ["<script>a()</script>", "<b>", "<details>"])
    expect(text).toContain(written);
  expect(root.children[0]?.type).toBe("paragraph");
});
