import type { ModelPlan } from "../core/model/model-plan.ts";
import { PREFIX, type Setting } from "./setting.ts";
import { SETTINGS } from "./settings.ts";

type Sections = typeof SETTINGS;
type SectionName = keyof Sections;
type ValueOf<S> = S extends Setting<infer Value> ? Value : never;

export type SettingSource = "flag" | "environment" | ".env" | "default";

/** What the table of settings comes to, by section. */
export type Values = {
  readonly [Name in SectionName]: {
    readonly [Key in keyof Sections[Name]]: ValueOf<Sections[Name][Key]>;
  };
};

/** The whole configuration, frozen. Rooms get their section of it, as an argument. */
export interface Config extends Values {
  /** What the section `models` comes to. */
  readonly modelPlan: ModelPlan;
  /** Where `.env` is looked for. */
  readonly envFile: string;
  /** A variable of the environment or `.env` that is none of ours, for files that name one. */
  readonly findVariable: (name: string) => string | undefined;
  /** Where each value came from, by the full name of its variable. */
  readonly sources: Readonly<Record<string, SettingSource>>;
  /** Names that nobody reads, one sentence each. */
  readonly unknownNames: readonly string[];
  /** These and whatever else is hardly meant, one sentence each; worth a line in the log. */
  readonly warnings: readonly string[];
}

export type StorageConfig = Config["storage"];

/** A setting with its place in the config and its full name. */
export interface PlacedSetting {
  readonly section: SectionName;
  readonly key: string;
  readonly variable: string;
  readonly setting: Setting<unknown>;
}

/** All settings in the order of the table, which is also the order of the docs. */
export function listSettings(): readonly PlacedSetting[] {
  return Object.entries(SETTINGS).flatMap(([section, settings]) =>
    Object.entries(settings).map(([key, setting]) => ({
      section: section as SectionName,
      key,
      variable: `${PREFIX}${setting.name}`,
      setting: setting as Setting<unknown>,
    })),
  );
}
