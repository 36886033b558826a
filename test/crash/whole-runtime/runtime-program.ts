import { createEchoModel } from "./echo-model.ts";
import { runProgram } from "./run-program.ts";

/** Says back what it is asked. The call of the model is a seam too. */
await runProgram(createEchoModel);
