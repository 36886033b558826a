import { join } from "node:path";

/** What the program of two rooms and its test must agree on. */
export const MESSAGES = ["1001:1", "1001:2", "1001:3"];
export const AUDIT_KEY = Buffer.alloc(32, 3);
export const outsideFile = (directory: string): string => join(directory, "outside.log");
export const storeFile = (directory: string): string => join(directory, "meta.sqlite");
