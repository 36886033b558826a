import type { Config } from "../config/config.ts";
import type { ConfigFlags } from "../config/find-text.ts";

/** The configuration of this process: what was typed, its environment, `.env` here, defaults. @throws ConfigError */
export async function readConfig(flags: ConfigFlags = {}): Promise<Config> {
  const { loadConfig } = await import("../config/load-config.ts");
  return loadConfig({ env: process.env, cwd: process.cwd(), flags });
}
