import { afterEach, beforeEach, expect, test } from "vitest";
import { type Gateway, openGateway } from "../../test/support/open-gateway.ts";
import { formatButtonData } from "../core/delivery/button-data.ts";
import { queueReply } from "../core/delivery/queue-reply.ts";
import { newId } from "../core/ids.ts";
import { buttons, doc } from "../core/rich-text/build.ts";
import { contextByAddress } from "../store/queries/contexts.ts";
import { taskById } from "../store/queries/tasks.ts";

const COMMAND = "/task send the list to everybody";

let gateway: Gateway;
beforeEach(async () => {
  gateway = await openGateway();
  await gateway.aPerson("member");
  await gateway.say("/help");
});
afterEach(() => gateway.close());

/** The data of a button that a model offered: `taint` of its run, `null` when no run is known. */
async function offer(taint: boolean | null): Promise<string> {
  const address = { connector: "telegram", account: "900100", externalId: "7" } as const;
  const context = await gateway.store.first(contextByAddress, address);
  if (context === undefined) throw new Error("no chat");
  const runId = newId("run");
  const reply = queueReply({
    context,
    body: doc(buttons({ label: "Show the weather", command: COMMAND })),
    messageId: null,
    runId,
    taskId: null,
    replyToExternalId: null,
    now: gateway.clock.now(),
  });
  const of = { workspaceId: context.workspace_id, contextId: context.id };
  await gateway.commit("test-button", async () => ({
    effects: [
      ...(taint === null
        ? []
        : ([
            {
              type: "create-run",
              id: runId,
              kind: "turn",
              ...of,
              userId: null,
              messageId: null,
              taskId: null,
              taint,
            },
            {
              type: "move-run",
              id: runId,
              from: ["queued"],
              to: "failed",
              model: null,
              error: "x",
            },
          ] as const)),
      reply,
    ],
    seen: [],
  }));
  return formatButtonData(reply.id, 0);
}

async function taintOfTask(taskId: string | null): Promise<number | undefined> {
  return (await gateway.store.first(taskById, { id: taskId ?? "" }))?.taint;
}

test.each([
  ["that had read what others wrote", true, 1],
  ["that had read nothing of others", false, 0],
  ["of which nobody knows what it had read", null, 1],
] as const)("a task of a button of a model %s is tainted or not", async (_who, taint, expected) => {
  const data = await offer(taint);
  const { message } = await gateway.say("", { kind: "button", button: { data, callbackId: "c" } });
  expect(message).toMatchObject({ outcome: "task", rule: "button:task" });
  expect(await taintOfTask(message.task_id)).toBe(expected);
});

test("a task that the person typed is not; one of a button that we never made is", async () => {
  const typed = await gateway.say(COMMAND);
  expect(await taintOfTask(typed.message.task_id)).toBe(0);
  const claimed = await gateway.say(COMMAND, { isPressed: true });
  expect(await taintOfTask(claimed.message.task_id)).toBe(1);
});
