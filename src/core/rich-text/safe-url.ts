const SAFE = /^(?:https?:\/\/|mailto:|tel:|tg:\/\/)[^\s<>"\p{C}]+$/iu;

/** Whether a link may be shown as one: the schemes that open a page, a mail, a call or a chat, and nothing else. */
export function isSafeUrl(url: string): boolean {
  return SAFE.test(url);
}
