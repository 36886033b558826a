import { runProgram } from "../whole-runtime/run-program.ts";
import { createToolsModel } from "./tools-model.ts";

/** A model that asks for tools. */
await runProgram(({ directory, seams }) => createToolsModel(seams, directory));
