import type { LanguageModel } from "ai";
import { createOfflineModel } from "./offline-model.ts";

/** An AI SDK language model; never the name of one, which would mean a hosted gateway. */
export type Model = Exclude<LanguageModel, string>;

/** The model that answers: the one given, else the offline one. */
export function chooseModel(given: Model | undefined): Model {
  return given ?? createOfflineModel();
}
