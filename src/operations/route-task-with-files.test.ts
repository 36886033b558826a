import { afterEach, beforeEach, expect, it } from "vitest";
import { type Gateway, openGateway } from "../../test/support/open-gateway.ts";
import { laneOf, PRIORITY } from "../core/job/lanes.ts";
import { jobsOfLane } from "../store/queries/jobs.ts";
import { routeTask } from "./route-task.ts";

let gateway: Gateway;
beforeEach(async () => {
  gateway = await openGateway();
});
afterEach(() => gateway.close());

it("routing moves the work in the queue, not what fetches the files for it", async () => {
  await gateway.aPerson("member");
  const file = { kind: "photo", sourceId: "a", name: "a.jpg", sizeBytes: 3 } as const;
  const { message } = await gateway.say("/task look at this", { files: [file] });
  const task = message.task_id ?? "";
  const input = { task, choice: { routeClass: "moderation" }, contextId: null } as const;
  await gateway.commit("route-task", (deps) => routeTask(deps, gateway.ownerActor, input));
  const jobs = await gateway.store.all(jobsOfLane, { lane: laneOf.task(task) });
  expect(jobs.map(({ kind, priority }) => [kind, priority])).toEqual([
    ["save-file", PRIORITY.turn],
    ["run-task", PRIORITY.p1],
  ]);
});
