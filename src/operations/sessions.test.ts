import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Gateway, openGateway } from "../../test/support/open-gateway.ts";
import { createLoginCode } from "./create-login-code.ts";
import { endSession } from "./end-session.ts";
import { findSession } from "./find-session.ts";
import { useLoginCode } from "./use-login-code.ts";

let gateway: Gateway;
beforeEach(async () => {
  gateway = await openGateway();
});
afterEach(() => gateway.close());

const print = () =>
  gateway.commit("create-login-code", (deps) =>
    createLoginCode(deps, { userId: gateway.owner.userId }),
  );
const open = (code: string) =>
  gateway.commit("open-session", (deps) => useLoginCode(deps, { code }));

describe("a login code", () => {
  it("opens a session that lasts 30 days or until it is ended", async () => {
    const { code } = await print();
    const { token, user } = await open(code);
    expect(user).toMatchObject({ id: gateway.owner.userId, role: "overlord" });
    expect(await findSession(gateway.deps(), token)).toMatchObject({ userId: user.id });
    expect(await findSession(gateway.deps(), `${token}x`)).toBeUndefined();
    await gateway.commit("end-session", async () => endSession({ token }));
    expect(await findSession(gateway.deps(), token)).toBeUndefined();

    const other = await open((await print()).code);
    gateway.clock.advance(30 * 24 * 60 * 60_000);
    expect(await findSession(gateway.deps(), other.token)).toBeUndefined();
  });

  it("works once, also for two at the same moment", async () => {
    const { code } = await print();
    const results = await Promise.allSettled([open(code), open(code)]);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await expect(open(code)).rejects.toMatchObject({ code: "unauthenticated" });
  });

  it("runs out after ten minutes", async () => {
    const { code } = await print();
    gateway.clock.advance(10 * 60_000);
    await expect(open(code)).rejects.toMatchObject({ code: "unauthenticated" });
  });

  it("is kept, like the session, only as a hash", async () => {
    const { code } = await print();
    const codes = await gateway.store.list((db) => db.selectFrom("login_codes").selectAll());
    const { token } = await open(code);
    const sessions = await gateway.store.list((db) => db.selectFrom("sessions").selectAll());
    expect(JSON.stringify(codes)).not.toContain(code);
    expect(JSON.stringify(sessions)).not.toContain(token);
  });
});
