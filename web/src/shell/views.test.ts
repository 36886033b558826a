import { expect, test } from "vitest";
import { hrefOf, VIEWS, viewOf } from "./views.ts";

test("every view is found again by its own address", () => {
  for (const view of VIEWS) expect(viewOf(hrefOf(view))).toBe(view);
});

test("any other address is the conversation", () => {
  for (const fragment of ["", "#", "#/", "#/nowhere", "#people", "#/people/", "#/__proto__"]) {
    expect(viewOf(fragment).id).toBe("chat");
  }
});
