#!/usr/bin/env node
// The only file that runs by itself. It must parse and link on old Nodes, so that they reach the sentence below:
// nothing that needs a newer one, and nothing native, is imported before it.
import module from "node:module";

const OLDEST = 24;

if (Number.parseInt(process.versions.node, 10) < OLDEST) {
  process.stderr.write(
    `agent-runtime needs Node ${OLDEST} or newer, this is ${process.versions.node}. In a checkout, 'make run' brings its own.\n`,
  );
  process.exitCode = 1;
} else {
  module.enableCompileCache();
  const { runCli } = await import("./cli/run-cli.ts");
  process.exitCode = await runCli(process.argv.slice(2));
}
