#!/usr/bin/env node
// The only file that runs by itself. It must parse and link on old Nodes, so that they reach the sentence below:
// nothing that needs a newer one, and nothing native, is imported before it.
import module from "node:module";
import v8 from "node:v8";

const OLDEST = 24;

if (Number.parseInt(process.versions.node, 10) < OLDEST) {
  process.stderr.write(
    `agent-runtime needs Node ${OLDEST} or newer, this is ${process.versions.node}. In a checkout, 'make run' brings its own.\n`,
  );
  process.exitCode = 1;
} else {
  // What a start loads lives on. V8 takes it for much work and makes 30 MB of room for more, which a process that has
  // nothing to do never gives back. `serve` lets that room grow once it has started.
  v8.setFlagsFromString("--semi-space-growth-factor=1");
  module.enableCompileCache();
  const { runCli } = await import("./cli/run-cli.ts");
  process.exitCode = await runCli(process.argv.slice(2));
}
