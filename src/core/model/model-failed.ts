import { AppError } from "../errors.ts";

/**
 * No model has answered. `message` says of each why, and what to do: in words of ours with names of models, so that
 * whoever waits for the answer may be told, also before a group.
 */
export class ModelFailed extends AppError {}
