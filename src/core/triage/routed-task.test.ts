import fc from "fast-check";
import { expect, it } from "vitest";
import { previewOf, routedPrompt, routedTitle, textOfRouted } from "./routed-task.ts";
import { routingOf } from "./routing.ts";

const routing = routingOf({ routeClass: "issue" }, 0);
const source = { connector: "telegram", externalId: "-1", senderExternalId: "7", isEdit: false };

it("is titled by its class and its words, cut between characters", () => {
  expect(routedTitle("issue", " it\nis  broken ")).toBe("[ISSUE] it is broken");
  const long = routedTitle("issue", "👨‍👩‍👧‍👦".repeat(200));
  expect(long.isWellFormed()).toBe(true);
  expect(long.endsWith("👨‍👩‍👧‍👦…")).toBe(true);
});

it("holds a message in a fence that nothing in it closes", () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[`a\n]{0,40}$/u),
      fc.boolean(),
      fc.boolean(),
      (text, isEdit, isToModel) => {
        const prompt = routedPrompt(
          routing,
          { because: "x" },
          { ...source, text, isEdit, isToModel },
        );
        const [, fence = "", inside] =
          /\n\n(`{3,})\n([\s\S]*)\n`{3,}\n\nThis was chosen/u.exec(prompt) ?? [];
        expect(inside).toBe(text);
        expect(text.includes(fence)).toBe(false);
        expect(textOfRouted(prompt)).toBe(text);
      },
    ),
  );
});

it("is cut before what may be half of a secret", () => {
  const secret = `987654321:${"Ab-_".repeat(9)}`;
  expect(previewOf(`${"la ".repeat(65)}${secret} end`)).toBe(`${"la ".repeat(65).trim()}…`);
  expect(previewOf(`${" ".repeat(30)}${"la  ".repeat(207)}${secret} end`)).not.toContain("987654");
  expect(previewOf("あ".repeat(300))).toBe(`${"あ".repeat(220)}…`);
});

it("is shown by its beginning, on one line", () => {
  expect(previewOf(" a\n\nb\u0007c ")).toBe("a b c");
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 2_000 }), (text) => {
      const preview = previewOf(text.toWellFormed());
      expect(preview.isWellFormed()).toBe(true);
      expect(preview).not.toMatch(/[\r\n]/u);
    }),
  );
});
