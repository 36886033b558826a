import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findFreePort } from "../../test/support/find-free-port.ts";
import { prepareCommands } from "../../test/support/prepare-commands.ts";
import { runCommand } from "../../test/support/run-command.ts";

const { setup, directory } = prepareCommands();

const ROUTED = {
  route_class: "issue",
  priority: "p1",
  assigned_lane: "operations",
  due_at_unix: 1_795_233_300,
};

const SUM = { calls: 2, input_tokens: 5, output_tokens: 5, spent_micro_usd: 4_200 };

describe("with a service", () => {
  test.each([
    [
      ["tasks", "cancel", "t"],
      { task_id: "task_1", status: "running" },
      "task_1 ends at its next step.",
    ],
    [["tasks", "cancel", "t"], { task_id: "task_1", status: "cancelled" }, "task_1 is cancelled."],
    [
      ["tasks", "retry", "t"],
      { task_id: "task_2", retry_of_task: "task_1", status: "queued" },
      "task_2 is queued, again for task_1.",
    ],
    [
      ["tasks", "route", "t", "issue", "p1", "90m"],
      { ...ROUTED, task_id: "task_1", status: "queued", waits_because: "" },
      "task_1 is queued: issue, p1, operations, due 2026-11-21 03:55 UTC.",
    ],
    [
      ["tasks", "route", "t", "issue"],
      { ...ROUTED, task_id: "task_1", status: "blocked", due_at_unix: 0, waits_because: "Why." },
      "task_1 is blocked: issue, p1, operations, due never.\nIt still waits. Why.",
    ],
    [
      ["spend"],
      {
        day: "2026-11-21",
        of: "all",
        spent_micro_usd: 4_200,
        calls: 2,
        reserved_micro_usd: 90_000,
        caps: [
          {
            of: "day",
            spent_micro_usd: 4_200,
            reserved_micro_usd: 90_000,
            cap_micro_usd: 5_000_000,
            raised_micro_usd: 500_000,
          },
        ],
        run_cap_micro_usd: 1_000_000,
        work: [{ id: "task_1", title: "T", is_task: true, calls: 2, spent_micro_usd: 4_200 }],
        has_more_work: false,
        purposes: [],
        models: [{ ...SUM, model: "openai/new", is_priced: false }],
        people: [{ ...SUM, user_id: "", display_name: "" }],
      },
      `$0.0042 on 2026-11-21 (UTC), in 2 calls of a model; $0.09 is put aside for calls under way.
CAP                   USED     OF     RAISED BY
all work together     $0.0942  $5.50  $0.50
each answer and task           $1.00

DEAREST WORK  SPENT    CALLS  TITLE
task_1        $0.0042  2      T

MODEL       SPENT    CALLS
openai/new  $0.0042  2

PERSON OR KEY  SPENT    CALLS
nobody         $0.0042  2
No price is known of openai/new: it is counted at its provider's dearest. AGENT_RUNTIME_PRICES_FILE can say it.`,
    ],
    [["explain", "m"], { lines: ["one", "two"] }, "one\ntwo"],
    [
      ["deliveries", "replay", "d"],
      { delivery_id: "dlv_1", state: "pending" },
      "dlv_1 is sent again.",
    ],
    [
      ["deliveries", "replay", "d"],
      { delivery_id: "dlv_1", state: "unknown" },
      "dlv_1 is sent again. What may have arrived already is marked.",
    ],
    [["deliveries", "drop", "d"], { delivery_id: "dlv_1" }, "dlv_1 is dropped."],
    [
      ["deliveries", "list"],
      { items: [], count: 0, next_cursor: null },
      "There are no such deliveries.",
    ],
    [
      ["deliveries", "list", "--state", "kept"],
      {
        items: [
          {
            id: "dlv_1",
            state: "kept",
            created_at: "2026-11-21T03:55:20.000Z",
            connector: "codex",
            external_id: "session-1",
            context_title: 'x"  \u202e\u001b[2J\ndlv_2 sent',
            error: "",
          },
        ],
        count: 1,
        next_cursor: null,
      },
      [
        "ID     STATE  CREATED               TO               CALLED                       ERROR",
        'dlv_1  kept   2026-11-21 03:55 UTC  codex session-1  "x\\" �\\u001b[2J dlv_2 sent"',
      ].join("\n"),
    ],
    [
      ["dead-letters", "list"],
      { items: [], count: 0, next_cursor: null },
      "There are no dead letters.",
    ],
    [
      ["dead-letters", "replay", "j"],
      { job_id: "job_1", kind: "project-file" },
      "job_1 (project-file) is done again.",
    ],
    [
      ["dead-letters", "drop", "j"],
      { job_id: "job_1", kind: "sweep" },
      "job_1 (sweep) is dropped.",
    ],
    [
      ["users", "role", "u", "admin"],
      {
        user_id: "usr_1",
        display_name: "Ann",
        identities: ["2002", "2003"].map((id) => ({
          connector: "telegram",
          connector_user_id: id,
        })),
        role: "admin",
      },
      "telegram 2002, telegram 2003 (Ann) has the role admin.",
    ],
    [
      ["users", "unlink", "i"],
      {
        identity_id: "idn_1",
        connector: "telegram",
        connector_user_id: "2002",
        display_name: "Ann",
      },
      "telegram 2002 (Ann) is a stranger again.",
    ],
    [
      ["keys", "list"],
      { items: [], count: 0, next_cursor: null },
      "There are no keys but the admin token.",
    ],
    [
      ["keys", "create", "--name", "ci", "--role", "viewer"],
      { id: "key_1", key: "ark_1", prefix: "ark", name: "ci", role: "viewer" },
      "ark_1\nThis is shown once. key_1 has the role viewer.",
    ],
    [
      ["keys", "revoke", "k"],
      { id: "key_1", prefix: "ark_k3v9qd7m", name: "ci" },
      "ci (ark_k3v9qd7m…) is revoked.",
    ],
    [["login"], { url: "http://127.0.0.1:1/#login=abc" }, "http://127.0.0.1:1/#login=abc"],
  ])("%j", async (args, body, printed) => {
    const { run } = await setup(() => [200, body]);
    expect(await run(args)).toEqual({ exitCode: 0, stdout: `${printed}\n`, stderr: "" });
  });

  test("sends what is replayed or dropped, and why", async () => {
    const { run, seen } = await setup(() => [200, { items: [], next_cursor: null }]);
    await run(["deliveries", "list", "--state", "dead", "--limit", "5"]);
    await run(["deliveries", "replay", "abcdef"]);
    await run(["deliveries", "drop", "abcdef", "--reason", "she left"]);
    await run(["dead-letters", "list", "--kind", "run-task"]);
    await run(["dead-letters", "replay", "abcdef"]);
    await run(["dead-letters", "drop", "abcdef"]);
    expect(seen.map(({ call, body }) => [call, body])).toEqual([
      ["GET /api/v1/deliveries?limit=5&state=dead", {}],
      ["POST /api/v1/deliveries/replay", { delivery_id: "abcdef" }],
      ["POST /api/v1/deliveries/drop", { delivery_id: "abcdef", reason: "she left" }],
      ["GET /api/v1/dead-letters?limit=20&kind=run-task", {}],
      ["POST /api/v1/dead-letters/replay", { job_id: "abcdef" }],
      ["POST /api/v1/dead-letters/drop", { job_id: "abcdef" }],
    ]);
    const lost = await run(["deliveries", "list", "--state", "lost"]);
    expect(lost.exitCode).toBe(2);
  });

  test("prints what the service refused, exit code 1", async () => {
    const { run } = await setup(() => [
      409,
      { error: "This task has finished.", code: "conflict" },
    ]);
    expect(await run(["tasks", "cancel", "x"])).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: "This task has finished.\n",
    });
  });

  test("says which key to set when the service does not accept this one", async () => {
    const { url } = await setup(() => [200, {}]);
    const { stderr, exitCode } = await runCommand(["tasks", "list"], {
      cwd: directory(),
      env: {
        AGENT_RUNTIME_ADMIN_TOKEN: "another-key-canary-1",
      },
    });
    expect(stderr).toContain(`The runtime at ${url} does not accept the key.`);
    expect(stderr).not.toContain("canary");
    expect(exitCode).toBe(1);
  });

  test("AGENT_RUNTIME_ADMIN_API_URL comes before the address the service left", async () => {
    await setup(() => [200, {}]);
    const port = await findFreePort();
    const { stderr } = await runCommand(["login"], {
      cwd: directory(),
      env: { AGENT_RUNTIME_ADMIN_API_URL: `http://localhost:${port}/` },
    });
    expect(stderr).toContain(`No runtime answers at http://localhost:${port}.`);
  });

  test("says when the key cannot be read", async () => {
    const { run } = await setup(() => [200, {}]);
    rmSync(join(directory(), "data/admin-token"));
    mkdirSync(join(directory(), "data/admin-token"));
    expect((await run(["login"])).stderr).toContain("admin-token cannot be read by this account.");
  });
});
