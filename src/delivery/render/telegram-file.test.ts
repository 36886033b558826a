import { describe, expect, test } from "vitest";
import { bold, buttons, doc, list, p } from "../../core/rich-text/build.ts";
import type { RichText } from "../../core/rich-text/rich-text.ts";
import { toMarkdown } from "../../core/rich-text/to-markdown.ts";
import { telegramFormat } from "./telegram.ts";

const data = (index: number) => `dlv_x:${index}`;
const render = (...blocks: RichText) => telegramFormat.render(blocks, data);

describe("a file", () => {
  const lines = (count: number) =>
    Array.from({ length: count }, (_, n) => p(`Line ${n} `.repeat(40)));
  const button = { label: "Yes", command: "/task yes" };
  const short = render(p("x"))[0];
  if (short === undefined) throw new Error("a body without parts");

  test("stands for what would need more than ten messages, its beginning beside it, its buttons under it", () => {
    expect(render(...lines(90)).length).toBeLessThanOrEqual(10);
    const body = [p(bold("Begin"), " 1 < 2"), ...lines(120), buttons(button)];
    const [part, ...more] = render(...body);
    expect(more).toEqual([]);
    expect(part?.formatted).toMatch(
      /^<b>Begin<\/b> 1 &lt; 2\n\nLine 0 [\s\S]*\n\nThe whole text is in the file\.$/,
    );
    expect(part?.plain).toBe("The whole text is in the file.");
    expect(part?.buttons).toEqual([[{ label: "Yes", data: "dlv_x:0" }]]);
    expect(part?.file?.name).toBe("reply.md");
    expect(part?.file?.text).toBe(`${toMarkdown([...body.slice(0, -1), p("Yes: /task yes")])}\n`);
  });

  test("stands for what is refused as messages", () => {
    const body: RichText = [
      p("1 < 2"),
      list(doc(p("a"), buttons(button))),
      { type: "quote", blocks: [buttons(button)] },
    ];
    expect(telegramFormat.renderInstead(short, body, data)).toEqual([
      {
        formatted: "The whole text is in the file.",
        plain: "The whole text is in the file.",
        buttons: [
          [
            { label: "Yes", data: "dlv_x:0" },
            { label: "Yes", data: "dlv_x:1" },
          ],
        ],
        file: {
          name: "reply.md",
          text: "1 \\< 2\n\n- a\n\n  Yes: /task yes\n\n> Yes: /task yes\n",
        },
      },
    ]);
  });

  test("that is refused goes as messages, however many; what is refused both ways stays refused", () => {
    const long = lines(120);
    const [file] = render(...long);
    if (file === undefined) throw new Error("a body without parts");
    const messages = telegramFormat.renderInstead(file, long, data);
    expect(messages?.length).toBeGreaterThan(10);
    expect(telegramFormat.renderInstead(short, long, data)).toBeUndefined();
    expect(telegramFormat.renderInstead(file, [p("x")], data)).toBeUndefined();
  });
});
