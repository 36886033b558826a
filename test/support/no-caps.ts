import type { SpendCaps } from "../../src/core/spend/spend-scope.ts";

export const NO_CAPS: SpendCaps = {
  daily: null,
  run: null,
  user: null,
  key: null,
  workspace: null,
};
