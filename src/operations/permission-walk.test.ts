import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NO_CAPS } from "../../test/support/no-caps.ts";
import { openGateway } from "../../test/support/open-gateway.ts";
import type { Actor } from "../core/access/actor.ts";
import { isAtLeast, ROLES, type Role } from "../core/access/role.ts";
import { AppError } from "../core/errors.ts";
import type { ModelDeps } from "./start-model.ts";

type Operation = (deps: ModelDeps, actor: Actor, input: unknown) => Promise<unknown>;

const ANY = "task_00000000";
const SEARCH = { text: ANY, contextId: null };
const PLACE = {
  address: { connector: "api", account: "key", externalId: "c" },
  title: "",
} as const;
const PERSON = { connector: "telegram", externalUserId: "42", displayName: "Ann" };

/** The least role for every operation, apart from the table that decides, and something to ask it for. */
const WALK: Record<string, readonly [least: Role, input?: unknown]> = {
  approveMcpTool: ["admin", { tool: ANY, digest: "000000000000" }],
  approvePairing: ["admin", { code: "0000-0000", role: "member" }],
  authorizeDecider: ["admin"],
  beginAnew: ["member", { contextId: ANY, messageSeq: 1 }],
  bindContext: ["overlord", { context: ANY, workspace: ANY }],
  cancelTask: ["member", { task: ANY, contextId: null }],
  cancelTurn: ["member", { contextId: "ctx_00000000" }],
  changeRules: [
    "member",
    { contextId: ANY, messageId: ANY, wish: { kind: "forget", numbers: "all" } },
  ],
  changeRole: ["overlord", { user: ANY, role: "viewer" }],
  closeTask: ["member", { task: ANY, summary: "x", isTainted: false, contextId: null }],
  countDeadLetters: ["viewer"],
  createKey: ["overlord", { name: "walk", role: "viewer" }],
  createTask: ["member", { prompt: "x", place: PLACE, messageId: null }],
  createTaskOfRun: ["member", { runId: "run_0", title: "x", prompt: "x" }],
  createWorkspace: ["overlord", { name: "walk" }],
  decideApproval: ["admin", { approval: ANY, approved: true }],
  denyPairing: ["admin", { code: "0000-0000", reason: "" }],
  dropDeadLetter: ["admin", { deadLetter: ANY, reason: "" }],
  dropDelivery: ["operator", { delivery: ANY, reason: "" }],
  explainMessage: ["viewer", SEARCH],
  findApproval: ["admin", SEARCH],
  findDeadLetter: ["admin", ANY],
  findDelivery: ["operator", ANY],
  findMessage: ["viewer", SEARCH],
  findTask: ["viewer", SEARCH],
  listApprovals: ["viewer", { limit: 1, askedInContextId: null }],
  listContexts: ["admin", { limit: 1 }],
  listDeadLetters: ["admin", { limit: 1 }],
  listDeliveries: ["operator", { limit: 1 }],
  listKeys: ["overlord", { limit: 1 }],
  listMcpTools: ["admin", { servers: [] }],
  listPairings: ["admin", { limit: 1 }],
  listWaitingMcpTools: ["admin", { limit: 1 }],
  listTasks: ["viewer", { limit: 1 }],
  listUsers: ["admin", { limit: 1 }],
  listWorkspaces: ["overlord", { limit: 1 }],
  loadManagedContext: ["admin", ANY],
  lookupPairing: ["admin", "0000-0000"],
  replayDeadLetter: ["admin", { deadLetter: ANY }],
  replayDelivery: ["operator", { delivery: ANY }],
  requestOwnerLink: ["overlord", { connector: "telegram" }],
  requestPairing: ["admin", PERSON],
  resetContext: ["admin", { context: ANY }],
  retryTask: ["member", { task: ANY, contextId: null }],
  revokeKey: ["overlord", { key: ANY }],
  routeTask: ["operator", { task: ANY, choice: { routeClass: "issue" }, contextId: null }],
  runningWork: ["viewer", { contextId: null }],
  setGroupSettings: ["admin", { contextId: ANY, isTriaged: true }],
  setPrompt: ["admin", { contextId: ANY, prompt: null }],
  setSupervision: ["admin", { contextId: ANY, of: "hub" }],
  shadowApprovals: ["admin", { preset: "always-ask", days: 1 }],
  showApproval: ["viewer", SEARCH],
  showPrompt: ["admin", ANY],
  showRules: ["member", ANY],
  showSpend: ["viewer", { askedInContextId: null, rules: { caps: NO_CAPS, isPriced: () => true } }],
  takeBackCall: ["member", { approval: ANY, contextId: null }],
  unlinkIdentity: ["overlord", { identity: ANY }],
  withdrawTurn: ["member", { id: "run_00000000", context_id: "ctx_00000000" }],
};
const NOBODY: Actor = { id: "telegram:6666", userId: undefined, role: undefined, displayName: "" };

let gateway: Awaited<ReturnType<typeof openGateway>>;
let operations: ReadonlyMap<string, Operation>;
beforeAll(async () => {
  gateway = await openGateway();
  operations = await findOperations();
});
afterAll(() => gateway.close());

/** Every exported function here that is told who acts. */
async function findOperations(): Promise<ReadonlyMap<string, Operation>> {
  const found = new Map<string, Operation>();
  const files = readdirSync(import.meta.dirname).filter(
    (name) => name.endsWith(".ts") && !name.endsWith(".test.ts"),
  );
  for (const file of files) {
    const source = readFileSync(`${import.meta.dirname}/${file}`, "utf8");
    for (const [, name = ""] of source.matchAll(
      /export (?:async )?function (\w+)\(\s*\w+: \w+,\s*actor: Actor\b/g,
    )) {
      if (name === "authorize") continue;
      const module = (await import(`./${file.slice(0, -3)}.ts`)) as Record<string, Operation>;
      const operation = module[name];
      if (operation !== undefined) found.set(name, operation);
    }
  }
  return found;
}

/** Why the role was not let in; `undefined` when it was, whatever became of what it asked for. */
async function refusal(name: string, actor: Actor): Promise<string | undefined> {
  const [, input] = WALK[name] ?? [];
  const error = await operations
    .get(name)?.(gateway.deps(), actor, input)
    .then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
  if (error !== undefined && !(error instanceof AppError)) throw error;
  const isOfRole = error?.code === "unauthenticated" || /^Your role \(/.test(error?.message ?? "");
  return isOfRole ? error?.code : undefined;
}

it("every operation has its place in the walk", () => {
  expect([...operations.keys()].sort()).toEqual(Object.keys(WALK).sort());
});

describe.each(Object.keys(WALK))("%s", (name) => {
  const least = WALK[name]?.[0] ?? "overlord";

  it("is not for strangers", async () => {
    expect(await refusal(name, NOBODY)).toBe("unauthenticated");
  });

  it.each(ROLES)(`asks for ${least}: %s`, async (role) => {
    const { actor } = await gateway.aPerson(role, `${name} ${role}`);
    const expected = isAtLeast(role, least) ? undefined : "access_denied";
    expect(await refusal(name, actor)).toBe(expected);
  });

  const below = ROLES[ROLES.indexOf(least) + 1];
  if (below === undefined) return;
  it("goes by the role somebody holds now, and by the one they were let in with", async () => {
    const demoted = await gateway.aPerson(below, `${name} demoted`);
    expect(await refusal(name, { ...demoted.actor, role: "overlord" })).toBe("access_denied");
    const limited = await gateway.aPerson("overlord", `${name} limited`);
    expect(await refusal(name, { ...limited.actor, role: below })).toBe("access_denied");
  });
});
