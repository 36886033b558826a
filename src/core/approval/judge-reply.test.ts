import { expect, test } from "vitest";
import { needsApprovalToReply, readersOf } from "./judge-reply.ts";

test.each([
  ["group", true, true],
  ["group", false, false],
  ["private", true, false],
  ["private", false, false],
] as const)("a reply to a %s chat, tainted: %s, is asked about: %s", (kind, isTainted, isAsked) => {
  expect(needsApprovalToReply({ isTainted, readers: readersOf(kind) })).toBe(isAsked);
});
