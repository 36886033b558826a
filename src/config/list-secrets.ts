import { type Config, listSettings } from "./config.ts";

/** Every secret of a configuration: what a setting holds that is one, and the keys of models wherever they were found. */
export function listSecrets(config: Config): readonly string[] {
  const given = listSettings()
    .filter(({ setting }) => setting.kind.secret === true)
    .map(({ section, key }) => (config[section] as Readonly<Record<string, unknown>>)[key]);
  const keys = Object.values(config.modelPlan.endpoints).map(({ apiKey }) => apiKey);
  return [...given, ...keys].filter((secret) => typeof secret === "string");
}
