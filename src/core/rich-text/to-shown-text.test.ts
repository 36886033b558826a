import { expect, test } from "vitest";
import { bold, buttons, code, codeBlock, doc, list, p } from "./build.ts";
import { toShownText } from "./to-shown-text.ts";

test("gives the words alone", () => {
  const link = {
    type: "link",
    url: "https://a.b/c",
    inlines: [{ type: "text", text: "here" }],
  } as const;
  const body = doc(
    p("Done: ", bold("*all*"), " of ", code("it"), ", see ", link),
    list(doc(p("one"))),
    codeBlock("x = 1", "js"),
    buttons({ label: "Help", command: "/help" }),
  );
  expect(toShownText(body)).toBe("Done: *all* of it, see here\n\n• one\n\nx = 1");
});
