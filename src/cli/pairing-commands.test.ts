import { expect, test } from "vitest";
import { prepareCommands } from "../../test/support/prepare-commands.ts";

const { setup } = prepareCommands();

const ANN = { connector: "telegram", connector_user_id: "42", display_name: "Ann" };

test.each([
  [["pairing", "list"], { items: [], count: 0, next_cursor: null }, "Nobody is waiting."],
  [
    ["pairing", "approve", "C", "--role", "admin"],
    { ...ANN, role: "admin" },
    "telegram 42 (Ann) is paired as admin.",
  ],
  [["pairing", "deny", "C"], { ...ANN }, "telegram 42 (Ann) was turned away."],
  [
    ["pairing", "start", "--connector-user-id", "42", "--display-name", "Ann"],
    { ...ANN, token: "k3v9-qd7m", expires_at: "2026-11-21T03:55:20.000Z" },
    "k3v9-qd7m is for telegram 42 (Ann), until 2026-11-21 03:55 UTC.",
  ],
  [
    ["pairing", "lookup", "C"],
    {
      ...ANN,
      status: "denied",
      approved_user_id: "",
      approver_user_id: "usr_1",
      denied_reason: "unknown",
      created_at: "2026-11-21T03:45:20.000Z",
    },
    "telegram 42 (Ann): denied, asked 2026-11-21 03:45 UTC, decided by usr_1, reason: unknown.",
  ],
  [
    ["pairing", "lookup", "C"],
    {
      ...ANN,
      status: "expired",
      expired_reason: "replaced by a newer request",
      created_at: "2026-11-21T03:45:20.000Z",
    },
    "telegram 42 (Ann): expired, asked 2026-11-21 03:45 UTC, replaced by a newer request.",
  ],
  [
    ["pairing", "list", "--cursor", "pair_1"],
    { items: [], count: 0, next_cursor: null },
    "There are no more.",
  ],
])("%j", async (args, body, printed) => {
  const { run } = await setup(() => [200, body]);
  expect(await run(args)).toEqual({ exitCode: 0, stdout: `${printed}\n`, stderr: "" });
});

test("prints who is waiting, since when, and that there are more", async () => {
  const { run, seen } = await setup(() => [
    200,
    {
      items: [
        {
          ...ANN,
          token_hint: "k3",
          created_at: "2026-11-21T03:45:20.000Z",
          expires_at: "2026-11-21T03:55:20.000Z",
        },
      ],
      count: 1,
      next_cursor: "pair_1",
    },
  ]);
  const { stdout } = await run(["pairing", "list", "--limit", "1"]);
  expect(seen[0]?.call).toBe("GET /api/v1/pairings?limit=1");
  expect(stdout.split("\n")).toEqual([
    expect.stringMatching(/^CODE BEGINS +WHO +CALLED +SINCE +UNTIL$/),
    expect.stringMatching(/^k3… +telegram 42 +Ann +2026-11-21 03:45 UTC +2026-11-21 03:55 UTC$/),
    "There are more: --cursor pair_1",
    "",
  ]);
});

test("sends the role and the reason that were given", async () => {
  const { run, seen } = await setup(() => [200, { display_name: "", role: "viewer" }]);
  await run(["pairing", "approve", "CODE", "--role", "viewer"]);
  await run(["pairing", "deny", "CODE", "--reason", "not known"]);
  await run(["pairing", "approve", "CODE"]);
  await run(["pairing", "deny", "CODE"]);
  expect(seen.map(({ body }) => body)).toEqual([
    { token: "CODE", role: "viewer" },
    { token: "CODE", reason: "not known" },
    { token: "CODE" },
    { token: "CODE" },
  ]);
});
