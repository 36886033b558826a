import { expect, test } from "vitest";
import { buttons, doc, list, p } from "./build.ts";
import { listButtons } from "./list-buttons.ts";

const button = (label: string) => ({ label, command: `/${label}` });

test("finds buttons in reading order, however deep", () => {
  const body = doc(
    buttons(button("a"), button("b")),
    list(doc(p("x"), buttons(button("c")))),
    { type: "quote", blocks: [buttons(button("d"))] },
    p("end"),
    buttons(button("e")),
  );
  expect(listButtons(body).map(({ label }) => label)).toEqual(["a", "b", "c", "d", "e"]);
});
