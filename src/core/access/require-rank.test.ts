import { describe, expect, it } from "vitest";
import { may } from "./permission.ts";
import { requireMayGive } from "./require-rank.ts";
import { ROLES } from "./role.ts";

describe.each(ROLES)("%s", (own) => {
  it.each(ROLES)("gives %s only up to its own", (other) => {
    const ask = () => requireMayGive(own, other);
    if (ROLES.indexOf(other) >= ROLES.indexOf(own)) expect(ask).not.toThrow();
    else expect(ask).toThrow(expect.objectContaining({ code: "access_denied" }));
  });
});

it("leaves changing people to those above whom nobody stands", () => {
  expect(ROLES.filter((role) => may(role, "manage:access"))).toEqual([ROLES[0]]);
});
