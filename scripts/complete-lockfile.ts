// Run after `npm install` of something new, when `npm ci` says "Missing: ... from lock file".
import { readFileSync, writeFileSync } from "node:fs";
import { findMissingBinaries, type Lockfile } from "./lockfile/missing-binaries.ts";

const FILE = "package-lock.json";
const lockfile = JSON.parse(readFileSync(FILE, "utf8")) as Lockfile;
const missing = findMissingBinaries(lockfile);
const byPath = Object.entries({ ...lockfile.packages, ...missing }).sort(([a], [b]) =>
  a.localeCompare(b, "en"),
);
lockfile.packages = Object.fromEntries(byPath);
if (Object.keys(missing).length > 0) writeFileSync(FILE, `${JSON.stringify(lockfile, null, 2)}\n`);
console.log(`Added ${Object.keys(missing).length} entries to ${FILE}.`);
