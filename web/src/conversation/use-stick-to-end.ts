import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

/** As near to the end as this counts as being there. */
const NEAR_PX = 48;

/**
 * Keeps a growing log at its end while the reader is there, and what they read in place when older items come in
 * front. `firstId` is the id of the first item.
 */
export function useStickToEnd(
  scrollRef: RefObject<HTMLElement | null>,
  contentRef: RefObject<HTMLElement | null>,
  firstId: string | undefined,
) {
  const [isAtEnd, setAtEnd] = useState(true);
  const sticks = useRef(true);
  const height = useRef(0);
  const lastTop = useRef(0);
  const lastFirstId = useRef(firstId);

  const goToEnd = useCallback(() => {
    sticks.current = true;
    setAtEnd(true);
    const scroll = scrollRef.current;
    if (scroll !== null) scroll.scrollTop = scroll.scrollHeight;
  }, [scrollRef]);

  useLayoutEffect(() => {
    const scroll = scrollRef.current;
    if (scroll === null || lastFirstId.current === firstId) return;
    const isFirstFill = lastFirstId.current === undefined;
    lastFirstId.current = firstId;
    // From what is really shown: the reader may have gone up with no scroll event sent yet.
    const wasNearEnd = height.current - scroll.scrollTop - scroll.clientHeight < NEAR_PX;
    sticks.current = isFirstFill || wasNearEnd;
    if (sticks.current) scroll.scrollTop = scroll.scrollHeight;
    else scroll.scrollTop += scroll.scrollHeight - height.current;
    height.current = scroll.scrollHeight;
    lastTop.current = scroll.scrollTop;
  }, [firstId, scrollRef]);

  useEffect(() => {
    const scroll = scrollRef.current;
    const content = contentRef.current;
    if (scroll === null || content === null) return;
    const onScroll = (): void => {
      const isNearEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR_PX;
      // Only a reader goes up. Far from the end without having gone up means that the log has just grown.
      sticks.current = isNearEnd || (sticks.current && scroll.scrollTop >= lastTop.current);
      lastTop.current = scroll.scrollTop;
      setAtEnd(sticks.current);
    };
    const observer = new ResizeObserver(() => {
      height.current = scroll.scrollHeight;
      if (sticks.current) scroll.scrollTop = scroll.scrollHeight;
    });
    observer.observe(content);
    observer.observe(scroll);
    scroll.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      observer.disconnect();
      scroll.removeEventListener("scroll", onScroll);
    };
  }, [scrollRef, contentRef]);

  return { isAtEnd, goToEnd };
}
