import { describe, expect, it } from "vitest";
import { requireMayChange, requireMayGive } from "./require-rank.ts";
import { ROLES } from "./role.ts";

describe.each(ROLES)("%s", (own) => {
  it.each(ROLES)("gives %s, and changes who has it, only up to its own", (other) => {
    const stands = ROLES.indexOf(other) >= ROLES.indexOf(own);
    for (const ask of [() => requireMayGive(own, other), () => requireMayChange(own, other)]) {
      if (stands) expect(ask).not.toThrow();
      else expect(ask).toThrow(expect.objectContaining({ code: "access_denied" }));
    }
  });
});
