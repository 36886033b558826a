import { z } from "zod";

/** What every failed request answers. `code` is one of the codes in `core/errors.ts`. */
export const errorBody = z.object({ error: z.string(), code: z.string() }).meta({ id: "Error" });
export type ErrorBody = z.infer<typeof errorBody>;
