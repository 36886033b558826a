import { Command } from "commander";
import { withRuntime } from "../connect.ts";
import { printText } from "../print.ts";

export function loginCommand(): Command {
  return new Command("login").description("Print a one-time link to the page.").action(async () => {
    const { url } = await withRuntime((runtime) => runtime.createLoginCode());
    printText(url);
  });
}
