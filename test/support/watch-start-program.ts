import { appendFileSync } from "node:fs";
import { registerHooks } from "node:module";
import v8 from "node:v8";

/**
 * Loaded into a Node before its program; writes into the file of `WATCH_START` each package that it loads and, at SIGUSR2,
 * the MB of its young generation: as they are, and once a lot was made that lives on.
 */
const note = (line: string) => appendFileSync(process.env["WATCH_START"] ?? "", `${line}\n`);

const seen = new Set<string>();
registerHooks({
  load(url, context, next) {
    const name = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
    if (name !== undefined && !seen.has(name)) note(name);
    if (name !== undefined) seen.add(name);
    return next(url, context);
  },
});

process.on("SIGUSR2", () => {
  const before = youngMb();
  const made = Array.from({ length: 1_000_000 }, (_, index) => ({ index }));
  note(`young ${before} MB, then ${youngMb()} MB of ${made.length} objects`);
});

function youngMb(): number {
  const spaces = v8.getHeapSpaceStatistics();
  const young = spaces.find(({ space_name: name }) => name === "new_space");
  return Math.round((young?.space_size ?? 0) / 2 ** 20);
}
