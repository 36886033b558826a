import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { findMissingBinaries, type Lockfile } from "../../scripts/lockfile/missing-binaries.ts";
import { ROOT } from "./source-files.ts";

it("package-lock.json has every binary, so that npm ci takes it (else: npm run lockfile:complete)", () => {
  const lockfile = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")) as Lockfile;
  expect(findMissingBinaries(lockfile)).toEqual({});
});

it("a binary that is named and not there is missing", () => {
  const packages = {
    "node_modules/a": {
      optionalDependencies: {
        "@a/core-linux-arm64-musl": "1.0.0",
        "@a/core-win32-x64-msvc": "1.0.0",
      },
    },
    "node_modules/@a/core-win32-x64-msvc": { version: "1.0.0" },
  };
  expect(findMissingBinaries({ packages })).toEqual({
    "node_modules/@a/core-linux-arm64-musl": {
      version: "1.0.0",
      cpu: ["arm64"],
      os: ["linux"],
      libc: ["musl"],
      optional: true,
    },
  });
});
