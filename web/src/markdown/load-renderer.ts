import type { ComponentType } from "react";
import { createCell, type Observable } from "../live/observable.ts";

export type Renderer = ComponentType<{ readonly text: string }>;

const cell = createCell<Renderer | undefined>(undefined);
let loading: Promise<void> | undefined;

/** What draws Markdown; `undefined` until it has come, and for good when it does not. */
export const renderer: Observable<Renderer | undefined> = cell;

/** Fetches the renderer, which is half of the page's code, apart from the rest. Settles also when it does not come. */
export function loadRenderer(): Promise<void> {
  loading ??= import("./rich-markdown.tsx").then(
    ({ RichMarkdown }) => cell.update(() => RichMarkdown),
    () => undefined,
  );
  return loading;
}
