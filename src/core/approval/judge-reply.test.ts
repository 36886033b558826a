import { expect, test } from "vitest";
import { needsApprovalToReply, readersOf } from "./judge-reply.ts";

test.each([
  ["group", false, true, true],
  ["group", false, false, false],
  ["group", true, true, false],
  ["private", false, true, false],
  ["private", false, false, false],
] as const)(
  "a reply to a %s chat (of admins: %s), tainted: %s, is asked about: %s",
  (kind, isForAdmins, isTainted, isAsked) => {
    const readers = readersOf({ kind, isForAdmins });
    expect(needsApprovalToReply({ isTainted, readers })).toBe(isAsked);
  },
);
