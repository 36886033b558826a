import { type Config, listSettings, type SettingSource } from "./config.ts";

export interface ConfigRow {
  /** The full name of the variable. */
  readonly name: string;
  /** `(set)` for a secret, `(not set)` where nothing stands. */
  readonly value: string;
  readonly source: SettingSource;
}

/** What `config show` prints: every variable, its value in force and where it came from; no secret. */
export function maskConfig(config: Config): readonly ConfigRow[] {
  return listSettings().map(({ section, key, variable, setting }) => {
    const value = (config[section] as Readonly<Record<string, unknown>>)[key];
    const text = value === undefined ? "" : setting.kind.format(value as NonNullable<unknown>);
    return {
      name: variable,
      value: text || "(not set)",
      source: config.sources[variable] ?? "default",
    };
  });
}
