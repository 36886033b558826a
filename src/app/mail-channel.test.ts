import { afterEach, expect, test } from "vitest";
import { findFreePort } from "../../test/support/find-free-port.ts";
import { openMailServer } from "../../test/support/open-mail-server.ts";
import type { Config } from "../config/config.ts";
import { NEVER } from "../core/abort.ts";
import { systemClock } from "../core/clock.ts";
import { greetMailServer, withMail } from "./mail-channel.ts";
import { type ConnectedChannel, NO_TELEGRAM } from "./telegram.ts";

const settings = (change: Partial<Config["mail"]> = {}): Config["mail"] => ({
  host: "127.0.0.1",
  port: 1,
  security: "none",
  username: undefined,
  password: undefined,
  from: "bot@house.example",
  timeoutSeconds: 5,
  ...change,
});

let close: (() => Promise<void>) | undefined;
afterEach(() => close?.());

function sendBy({ channels }: ConnectedChannel) {
  const channel = channels.get("email");
  return channel?.sender.send(
    {
      to: { connector: "email", account: "bot@house.example", externalId: "ada@a.example" },
      part: { formatted: "x", plain: "x", buttons: [] },
      format: "formatted",
      replyToExternalId: undefined,
      mail: { id: "mail_1", subject: "x", to: ["ada@a.example"], cc: [] },
    },
    NEVER,
  );
}

test("without a server there is no mail, and nothing is said of it", () => {
  const without = withMail(NO_TELEGRAM, settings({ host: undefined }), { clock: systemClock });
  expect(without).toBe(NO_TELEGRAM);
});

test("nothing is connected before the first mail, and the state is what the last mail found", async () => {
  const port = await findFreePort();
  const channel = withMail(NO_TELEGRAM, settings({ port }), { clock: systemClock });
  const state = () => channel.describeStates()[0]?.state;
  const well = { connector: "email", account: "bot@house.example", state: "running", message: "" };
  expect(channel.listStates()).toEqual([well]);

  expect(await sendBy(channel)).toMatchObject({ kind: "not_sent" });
  expect(channel.listStates()[0]?.message).toMatch(/^The mail server: .*ECONNREFUSED/);
  expect(channel.measure()).toMatchObject([{ isUp: false }]);
  expect(state()).toBe("degraded");
});

test("the state is well again with the next mail that is taken", async () => {
  const server = await openMailServer();
  close = server.close;
  const channel = withMail(NO_TELEGRAM, settings({ port: server.port }), { clock: systemClock });
  expect(server.connections()).toBe(0);
  expect(await sendBy(channel)).toMatchObject({ kind: "sent" });
  expect(server.connections()).toBe(1);
  expect(channel.measure()).toMatchObject([{ isUp: true }]);
});

test("the doctor is told whether the server lets us in, and no mail goes", async () => {
  const server = await openMailServer({ password: "right", allowInsecureAuth: true });
  close = server.close;
  const greet = (password: string) =>
    greetMailServer(settings({ port: server.port, username: "bot", password }), NEVER);
  expect(await greet("right")).toBe("");
  expect(await greet("wrong-secret")).toMatch(/^535/);
  expect(await greet("wrong-secret")).not.toContain("wrong-secret");
  expect(server.arrived).toEqual([]);
});
