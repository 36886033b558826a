import { Command } from "commander";
import type { CommandContext } from "../command-context.ts";

interface ServeOptions {
  readonly host?: string;
  readonly port?: string;
}

export function serveCommand(context: CommandContext): Command {
  return new Command("serve")
    .description("Run everything until Ctrl-C.")
    .option("--host <host>", "where to listen, instead of the host in AGENT_RUNTIME_HTTP_ADDR")
    .option("--port <port>", "instead of its port; 0 takes a free one")
    .action(async (flags: ServeOptions) => {
      const { readConfig } = await import("../read-config.ts");
      const config = await readConfig(flags);
      const { serve } = await import("../serve.ts");
      const { createRuntime } = await import("../../app/create-runtime.ts");
      await serve(config, createRuntime, context);
    });
}
