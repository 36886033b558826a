/** What we say, before any channel has shaped it. Rendered per channel, split after rendering. */
export type RichText = readonly Block[];

export type Block =
  | { readonly type: "paragraph"; readonly inlines: readonly Inline[] }
  | { readonly type: "code-block"; readonly language: string; readonly code: string }
  | { readonly type: "list"; readonly ordered: boolean; readonly items: readonly RichText[] }
  | { readonly type: "quote"; readonly blocks: RichText }
  | { readonly type: "buttons"; readonly buttons: readonly Button[] };

export type Inline =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "bold"; readonly inlines: readonly Inline[] }
  | { readonly type: "italic"; readonly inlines: readonly Inline[] }
  | { readonly type: "code"; readonly code: string }
  | { readonly type: "link"; readonly url: string; readonly inlines: readonly Inline[] };

/** Pressing it is the same as sending `command` (which begins with a slash). */
export interface Button {
  readonly label: string;
  readonly command: string;
}
