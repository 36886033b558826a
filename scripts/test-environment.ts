/** Tests run under Node 24, whatever `node` is on the machine: npm scripts put the pinned one first. */
export function refuseOldNode(): void {
  const major = Number.parseInt(process.versions.node, 10);
  if (major < 24) {
    throw new Error(
      `The tests need Node 24, this is ${process.versions.node}. Run them by: make test`,
    );
  }
}

/** Takes a developer's own settings out of the environment that tests and their child processes see. */
export function withoutOwnVariables(): void {
  for (const name of Object.keys(process.env)) {
    const own = name.startsWith("AGENT_RUNTIME_") && !name.startsWith("AGENT_RUNTIME_TEST_");
    if (own) delete process.env[name];
  }
}
