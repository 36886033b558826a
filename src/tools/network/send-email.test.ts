import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Gateway, openGateway } from "../../../test/support/open-gateway.ts";
import { createScriptedModel } from "../../../test/support/scripted-model.ts";
import { openTestAgent } from "../../../test/support/start-agent.ts";
import { NEVER } from "../../core/abort.ts";
import type { Effect } from "../../core/effect/effect.ts";
import { toPlainText } from "../../core/rich-text/to-plain-text.ts";
import type { ToolResult, ToolScene } from "../tool.ts";
import { sendEmailTool } from "./send-email.ts";

const FROM = "bot@house.example";
const MAIL = { to: ["ada@a.example"], subject: "News", body: "Dear Ada,\r\n\r\n*all* well." };

let gateway: Gateway;
beforeEach(async () => {
  gateway = await openGateway();
  await gateway.aPerson("member", "7");
  await gateway.say("hello");
});
afterEach(() => gateway.close());

/** The turn that answers Ada's hello. */
async function sceneOfTurn(): Promise<ToolScene> {
  const [run] = await gateway.store.list((db) => db.selectFrom("runs").selectAll());
  if (run?.context_id == null) throw new Error("no turn");
  return {
    store: gateway.store,
    now: gateway.clock.now(),
    runId: run.id,
    contextId: run.context_id,
    workspaceId: run.workspace_id,
    workspace: "/nowhere",
    userId: run.user_id,
    role: "member",
    isTainted: false,
    taintedBy: [],
  };
}

async function send(input: object): Promise<ToolResult> {
  const tool = sendEmailTool({ from: FROM });
  return await tool.run(tool.input.parse(input), await sceneOfTurn(), NEVER);
}

async function commit(effects: readonly Effect[] = []) {
  const step = { name: "end-tool-call", actor: "system", cause: "test" };
  expect(await gateway.store.commit({ ...step, now: gateway.clock.now(), effects })).toBe(
    "committed",
  );
}

const queued = ({ effects = [] }: ToolResult) =>
  effects.flatMap((effect) => (effect.type === "queue-delivery" ? [effect] : []));

test("leaves a delivery for each recipient, which the outbox sends at once", async () => {
  const result = await send({
    ...MAIL,
    to: ["ada@a.example", "Ada@A.example", "bob@b.example"],
    cc: ["BOB@b.example", "eve@c.example"],
  });
  const deliveries = queued(result);
  expect(deliveries.map(({ address }) => address)).toEqual(
    ["ada@a.example", "bob@b.example", "eve@c.example"].map((externalId) => ({
      connector: "email",
      account: FROM,
      externalId,
    })),
  );
  const [first] = deliveries;
  expect(first).toMatchObject({
    kind: "mail",
    mail: { subject: "News", to: ["ada@a.example", "bob@b.example"], cc: ["eve@c.example"] },
    job: { runAtMs: gateway.clock.now() },
  });
  expect(toPlainText(first?.body ?? [])).toBe("Dear Ada,\n\n*all* well.");
  expect(new Set(deliveries.map(({ mail }) => mail?.id)).size).toBe(1);
  expect(result.text).toBe("Queued for ada@a.example, bob@b.example, eve@c.example.");
  await commit(result.effects);
});

test("asks first, and leaves the mail exactly as it was approved with the end of its call", async () => {
  const agent = await openTestAgent([sendEmailTool({ from: FROM })]);
  const model = createScriptedModel(
    { callTool: "send_email", input: { ...MAIL, to: ["Ada@A.example", "bob@b.example"] } },
    { text: "It is on its way." },
  );
  await agent.startWorkers(model);
  await agent.say("write to Ada and Bob");
  const [approval] = await agent.until("approvals", (rows) => rows.length > 0);
  const mails = async () => (await agent.rows("deliveries")).filter(({ kind }) => kind === "mail");
  expect(await mails()).toEqual([]);
  await agent.decide(approval?.id ?? "", true);
  await agent.until("runs", ([run]) => run?.state === "succeeded");
  expect(await mails()).toMatchObject([
    { external_id: "Ada@a.example", state: "pending" },
    { external_id: "bob@b.example", state: "pending" },
  ]);
  await agent.close();
});

test("takes a subject in any script, with emoji", () => {
  const { input } = sendEmailTool({ from: FROM });
  for (const subject of ["Grüße", "👩‍💻 done", "你好", "שלום"])
    expect(input.safeParse({ ...MAIL, subject }).success).toBe(true);
});

describe("its arguments", () => {
  const { input } = sendEmailTool({ from: FROM });
  test.each([
    [{ to: [] }],
    [{ to: ["ada@a.example\r\nBcc: eve@c.example"] }],
    [{ to: ["Ada <ada@a.example>"] }],
    [{ to: Array.from({ length: 11 }, (_, n) => `a${n}@a.example`) }],
    [{ subject: "x\r\nBcc: eve@c.example" }],
    [{ subject: "x\u2028y" }],
    [{ subject: "x\u202ey" }],
    [{ subject: " " }],
    [{ subject: "x".repeat(201) }],
    [{ body: "" }],
    [{ body: "x".repeat(50_001) }],
    [{ from: "boss@house.example" }],
    [{ bcc: ["eve@c.example"] }],
    [{ headers: { "Reply-To": "eve@c.example" } }],
  ])("are refused: %o", (change) => {
    expect(input.safeParse(MAIL).success).toBe(true);
    expect(input.safeParse({ ...MAIL, ...change }).success).toBe(false);
  });
});

test("always goes out to others, and says so when there is no mail server", () => {
  const input = sendEmailTool({ from: FROM }).input.parse(MAIL);
  expect(sendEmailTool({ from: FROM }).sensitivityOf(input)).toBe("outward");
  const unset = sendEmailTool({ from: undefined });
  expect(() => unset.sensitivityOf(input)).toThrow(/nobody has set AGENT_RUNTIME_SMTP_HOST/);
  expect(unset.describe(input)).toBe("Mail to ada@a.example: News (24 characters)");
});
