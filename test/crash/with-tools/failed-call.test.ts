import { expect, test } from "vitest";
import { chooseSeed } from "../whole-runtime/random.ts";
import { openScene } from "../whole-runtime/scene.ts";
import { checkMoment } from "./check-moment.ts";
import { openWorld } from "./world.ts";

const SIDES = ["after commit end-tool-call"];

test("an approved call that failed is told once where it was asked for, and on its card, also when the process is killed as soon as it has failed", {
  timeout: 600_000,
}, async () => {
  const scene = await openScene({ sides: SIDES, odds: 1, seed: chooseSeed() }, openWorld);
  try {
    const said = { text: "q1: lost g1", message_id: "one", external_id: "one", wait_seconds: 0 };
    await scene.post("/api/v1/chat", said);
    const approval = await scene.until("a question", () =>
      scene.rows("select id from approvals where state = 'pending'").at(0),
    );
    await scene.post(`/api/v1/approvals/${approval["id"]}/decision`, { approved: true });
    await scene.until("an answer", () =>
      scene.rows("select id from messages where outcome = 'answered'").at(0),
    );
    await scene.idle();
    await scene.stop();
    expect(scene.killed).toEqual(SIDES);
    checkMoment(scene);
    expect(scene.rows("select state, execution from approvals")).toEqual([
      { state: "approved", execution: "failed" },
    ]);
    const told = scene.rows(
      "select body from deliveries where kind = 'send' and body like '%Failed, though approved by%'",
    );
    expect(told).toHaveLength(1);
    const copies = scene.rows(
      "select id from deliveries where card is not null and revises is null",
    );
    expect(copies).not.toEqual([]);
    const failed = scene.rows(
      "select id from deliveries where card is not null and body like '%Failed%'",
    );
    expect(failed).toHaveLength(copies.length);
  } finally {
    await scene.close();
  }
});
