import { appendFileSync } from "node:fs";
import { registerHooks } from "node:module";

/** Loaded into a Node before its program: writes each package that it loads into the file of `LOADED_PACKAGES`. */
const file = process.env["LOADED_PACKAGES"] ?? "/dev/null";
const seen = new Set<string>();
registerHooks({
  load(url, context, next) {
    const name = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
    if (name !== undefined && !seen.has(name)) appendFileSync(file, `${name}\n`);
    if (name !== undefined) seen.add(name);
    return next(url, context);
  },
});
