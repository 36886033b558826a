import { afterEach, beforeEach, expect, test } from "vitest";
import { logInToPage } from "../support/log-in-to-page.ts";
import { asksOf, openProvider, type TestProvider } from "../support/open-provider.ts";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { type Person, pairOwner, pairPerson } from "../support/pair-people.ts";
import { runCommand } from "../support/run-command.ts";

const TOKENS = {
  usage: { prompt_tokens: 100, completion_tokens: 20, input_tokens: 100, output_tokens: 20 },
};
const LIST_AND_RUN = {
  toolCalls: [
    { id: "call_list", name: "list_files", arguments: "{}" },
    { id: "call_ls", name: "run_command", arguments: '{"command":"ls","args":["-a"]}' },
  ],
  ...TOKENS,
};
const AFTERWARDS = { content: "That is all I know.", ...TOKENS };

let provider: TestProvider;
let t: TestRuntime;
let owner: Person;
beforeEach(async () => {
  provider = await openProvider();
});
afterEach(async () => {
  await t.close();
  await provider.close();
});

/** A member asks for what an admin must approve, and the service is restarted while it waits. */
async function parkOverRestart(format: keyof typeof asksOf): Promise<string> {
  provider.answerRounds(LIST_AND_RUN, AFTERWARDS);
  t = await openTestRuntime({ telegram: true, env: asksOf[format](provider) });
  owner = await pairOwner(t);
  const ann = await pairPerson(t, { id: 2002, name: "Ann" });
  t.telegram.say(ann.chat, ann.user, "what is there?");
  await t.row("runs", ({ state }) => state === "parked");
  await t.restart();
  expect(provider.asked).toHaveLength(1);
  const [approval] = await t.rows("approvals");
  return approval?.id ?? "";
}

const card = () =>
  t.telegram.nextSent(
    ({ text, chatId }) => chatId === owner.chat.id && text.includes("Approve this?"),
  );
const told = () => t.telegram.nextSent(({ text }) => text.includes(AFTERWARDS.content));

test.each<[string, keyof typeof asksOf, (id: string) => Promise<unknown>]>([
  ["a button on Telegram", "openai", async () => t.telegram.press(await card(), "Approve")],
  [
    "a command",
    "anthropic",
    async (id) => t.telegram.say(owner.chat, owner.user, `/approve-action ${id}`),
  ],
  ["HTTP", "openai", (id) => t.api("POST", `/api/v1/approvals/${id}/decision`, { approved: true })],
  [
    "the page",
    "openai",
    async (id) =>
      (await logInToPage(t))("POST", `/api/v1/approvals/${id}/decision`, { approved: true }),
  ],
  [
    "the terminal",
    "anthropic",
    (id) =>
      runCommand(["approvals", "approve", id], {
        cwd: t.directory,
        env: { AGENT_RUNTIME_DATA_DIR: t.dataDir },
      }),
  ],
])(
  "a call that is approved by %s after a restart happens once, and no step is paid twice",
  async (_, format, approve) => {
    await approve(await parkOverRestart(format));
    expect((await told()).text).toMatch(/^Done, approved by .*Run \["ls","-a"\]/su);
    await t.idle();
    expect(provider.asked).toHaveLength(2);
    const messages = JSON.stringify(provider.asked[1]?.body.messages);
    // Once as asked for, once as answered.
    expect(messages.match(/"call_ls"/gu)).toHaveLength(2);
    expect(messages).toContain("scratch");
    expect((await t.rows("usage")).map(({ state }) => state)).toEqual(["settled", "settled"]);
    expect(await t.rows("approvals")).toMatchObject([
      { state: "approved", execution: "succeeded" },
    ]);
  },
);

test("a call that is denied is told the model with the reason, as an error of that call", async () => {
  const id = await parkOverRestart("anthropic");
  await t.api("POST", `/api/v1/approvals/${id}/decision`, {
    approved: false,
    note: "not on Sunday",
  });
  expect((await told()).text).toMatch(/^Not done, denied by /u);
  await t.idle();
  expect(provider.asked[1]?.body.messages.at(-1)).toMatchObject({
    role: "user",
    content: [
      { type: "tool_result", tool_use_id: "call_list" },
      {
        type: "tool_result",
        tool_use_id: "call_ls",
        is_error: true,
        content: expect.stringContaining("not on Sunday"),
      },
    ],
  });
  expect(await t.rows("approvals")).toMatchObject([{ state: "denied", execution: "not_executed" }]);
});
