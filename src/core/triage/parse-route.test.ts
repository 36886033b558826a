import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDueWindow } from "./due-window.ts";
import { parseRoute } from "./parse-route.ts";
import { reroute, routingOf } from "./routing.ts";

const HOUR_MS = 3_600_000;

describe("a due window", () => {
  it.each([
    ["2d", 48 * HOUR_MS],
    ["90m", 1.5 * HOUR_MS],
    ["1h30m", 1.5 * HOUR_MS],
    ["1d12h", 36 * HOUR_MS],
    [" 45S ", 45_000],
    ["366d", 366 * 24 * HOUR_MS],
  ])("%s is %d ms", (text, ms) => {
    expect(parseDueWindow(text)).toBe(ms);
  });

  it.each([
    "",
    "0d",
    "0h0m",
    "367d",
    "9999999d",
    "-2h",
    "2",
    "h",
    "2w",
    "30m1h",
    "2 h",
    "1.5h",
    "٢d",
  ])("“%s” is none", (text) => {
    expect(parseDueWindow(text)).toBeUndefined();
  });

  it("is positive and at most a year, or nothing, for any text", () => {
    const near = fc.stringMatching(/^[0-9dhms]{0,12}$/u);
    fc.assert(
      fc.property(fc.oneof(near, fc.string()), (text) => {
        const ms = parseDueWindow(text);
        if (ms === undefined) return;
        expect(ms).toBeGreaterThan(0);
        expect(ms).toBeLessThanOrEqual(366 * 24 * HOUR_MS);
      }),
    );
  });
});

describe("/route", () => {
  it.each(["k3v9qd issue 400d", "k3v9qd issue p1 400d"])(
    "“%s” reads the forms and the limit",
    (args) => {
      expect(() => parseRoute(args)).toThrow(
        /400d is .*2d, 8h, 90m or 1h30m; at most a year, 366d/u,
      );
    },
  );

  it.each([
    ["k3v9qd issue", { routeClass: "issue" }],
    ["k3v9qd ISSUE p1", { routeClass: "issue", priority: "p1" }],
    ["k3v9qd question Urgent", { routeClass: "question", priority: "p1" }],
    [
      "k3v9qd question medium 2h",
      { routeClass: "question", priority: "p2", dueAfterMs: 2 * HOUR_MS },
    ],
    ["k3v9qd\ttask \n90m", { routeClass: "task", dueAfterMs: 1.5 * HOUR_MS }],
    ["k3v9qd noise", { routeClass: "noise" }],
    ["k3v9qd issue v2", { routeClass: "issue", wording: 2 }],
    ["k3v9qd same", { routeClass: "same" }],
    ["k3v9qd Same p1 v2", { routeClass: "same", priority: "p1", wording: 2 }],
    ["k3v9qd same 2h", { routeClass: "same", dueAfterMs: 2 * HOUR_MS }],
    [
      "k3v9qd issue p1 2h V12",
      { routeClass: "issue", priority: "p1", dueAfterMs: 2 * HOUR_MS, wording: 12 },
    ],
  ])("“%s” is understood", (args, choice) => {
    expect(parseRoute(args)).toEqual({ task: "k3v9qd", ...choice });
  });

  it.each([
    ["", /Say which task/],
    ["k3v9qd", /Say which task/],
    ["k3v9qd bug", /no class bug.*noise, same/],
    ["k3v9qd issue soon", /neither a priority .*nor a due window/],
    ["k3v9qd issue toString", /neither a priority/],
    ["k3v9qd issue p1 soon", /no due window.*1h30m/],
    ["k3v9qd issue 2h p1", /what p1 means/],
    ["k3v9qd issue v2 p1", /neither a priority/],
    ["k3v9qd issue v", /neither a priority/],
    ["k3v9qd issue p1 2h now", /what now means/],
  ])("“%s” is refused with what to type", (args, text) => {
    expect(() => parseRoute(args)).toThrow(
      expect.objectContaining({ code: "invalid_input", message: expect.stringMatching(text) }),
    );
  });

  it("repeats no half of what may be a secret", () => {
    const token = `987654321:${"Ab-_".repeat(9)}`;
    expect(() => parseRoute(`k3v9qd ${token}`)).toThrow(/^I know no class …\. There are/);
    expect(() => parseRoute(`k3v9qd issue ${token}`)).toThrow(/^… is neither/);
  });

  it("either understands or explains, whatever is typed", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        try {
          parseRoute(`k3v9qd issue ${text}`);
        } catch (error) {
          expect(error).toMatchObject({ code: "invalid_input" });
        }
      }),
    );
  });
});

describe("routing", () => {
  it.each([
    ["moderation", "p1", 2, "moderation"],
    ["issue", "p2", 8, "operations"],
    ["task", "p2", 24, "operations"],
    ["question", "p3", 48, "support"],
  ] as const)("%s is %s, due in %d h, in %s", (routeClass, priority, hours, assignedLane) => {
    const dueAtMs = 1_000 + hours * HOUR_MS;
    expect(routingOf({ routeClass }, 1_000)).toEqual({
      routeClass,
      priority,
      dueAtMs,
      assignedLane,
    });
  });

  it("puts noise last for good, whatever is asked besides", () => {
    expect(routingOf({ routeClass: "noise", priority: "p1", dueAfterMs: 5 }, 0)).toEqual({
      routeClass: "noise",
      priority: "p3",
      dueAtMs: null,
      assignedLane: "backlog",
    });
  });
});

describe("what is the same", () => {
  const was = { routeClass: "question", priority: "p1", dueAtMs: 5_000 } as const;
  const support = { routeClass: "question", assignedLane: "support" };

  it("stays, but for what is named", () => {
    expect(reroute(was, { routeClass: "same" }, 1_000)).toEqual({ ...was, ...support });
    const low = reroute(was, { routeClass: "same", priority: "p3" }, 1_000);
    expect(low).toEqual({ ...was, ...support, priority: "p3" });
    const soon = reroute(was, { routeClass: "same", dueAfterMs: 10 }, 1_000);
    expect(soon).toEqual({ ...was, ...support, dueAtMs: 1_010 });
  });

  it("is due as its class is once its time has passed", () => {
    expect(reroute(was, { routeClass: "same" }, 5_000).dueAtMs).toBe(5_000 + 48 * HOUR_MS);
  });

  it("is nothing of what another class brings", () => {
    const choice = { routeClass: "issue" } as const;
    expect(reroute(was, choice, 1_000)).toEqual(routingOf(choice, 1_000));
  });
});
