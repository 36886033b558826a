import { describe, expect, test } from "vitest";
import { prepareCommands } from "../../test/support/prepare-commands.ts";

const { setup } = prepareCommands();

describe("chat", () => {
  const answered = (reply: string) => ({
    handled: true,
    reply,
    message_id: "msg_1",
    outcome: "answered",
  });

  test("prints the reply to one message", async () => {
    const { run, seen } = await setup(({ body }) => [200, answered(`You said ${body["text"]}.`)]);
    const result = await run([
      "chat",
      "--connector",
      "gemini",
      "--external-id",
      "x",
      "good",
      "day",
    ]);
    expect(result).toEqual({ exitCode: 0, stdout: "You said good day.\n", stderr: "" });
    expect(seen[0]?.body).toMatchObject({
      connector: "gemini",
      external_id: "x",
      text: "good day",
      wait_seconds: 120,
    });
  });

  test("waits on for the same message while it is pending, and only so long", async () => {
    const { run, seen } = await setup(() => [
      202,
      { handled: false, reply: "", message_id: "msg_7", outcome: "pending" },
    ]);
    const result = await run(["chat", "--timeout-seconds", "1", "hi"]);
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain(
      "No answer within 1 seconds. The work goes on; see: npx agent-runtime explain msg_7",
    );
    expect(seen.length).toBeGreaterThan(1);
    expect(new Set(seen.map(({ body }) => body["message_id"])).size).toBe(1);
  });

  test("tells why there is no reply", async () => {
    const { run } = await setup(() => [
      200,
      { handled: false, reply: "", message_id: "msg_1", outcome: "failed", reason: "model_down" },
    ]);
    expect(await run(["chat", "hi"])).toEqual({
      exitCode: 1,
      stdout: "(no reply)\n",
      stderr: "This failed (model_down).\n",
    });
  });

  test("takes a message a line; neither an error nor a line over 1 MiB ends it, /exit does", async () => {
    const { run, seen } = await setup(({ body }) =>
      body["text"] === "bad"
        ? [503, { error: "Not now.", code: "unavailable" }]
        : [200, answered(`re: ${body["text"]}`)],
    );
    const { stdout, stderr } = await run(
      ["chat"],
      `one\n\nbad\n${"x".repeat(1_200_000)}\ntwo ü\r\n/exit\nthree\n`,
    );
    expect(stdout).toBe("re: one\nre: two ü\n");
    expect(stderr).toBe("Not now.\nThat line is longer than 1 MiB. Send less at once.\n");
    expect(seen.map(({ body }) => body["text"])).toEqual(["one", "bad", "two ü"]);
  });
});
