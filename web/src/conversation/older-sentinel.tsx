import { Button } from "@mantine/core";
import { type RefObject, useEffect, useRef, useState } from "react";

interface OlderSentinelProps {
  readonly cursor: string;
  readonly scrollRef: RefObject<HTMLElement | null>;
  readonly onReach: (signal: AbortSignal) => Promise<void>;
}

/** Stands before the oldest item and fetches older ones when it comes near the view, or is pressed. */
export function OlderSentinel({ cursor, scrollRef, onReach }: OlderSentinelProps) {
  const ref = useRef<HTMLButtonElement>(null);
  const [isLoading, setLoading] = useState(false);

  function load(): void {
    if (isLoading) return;
    setLoading(true);
    onReach(new AbortController().signal)
      .catch(() => undefined)
      .finally(() => setLoading(false));
  }

  useEffect(() => {
    if (ref.current === null || cursor === "") return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) ref.current?.click();
      },
      { root: scrollRef.current, rootMargin: "300px 0px 0px" },
    );
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, [scrollRef, cursor]);

  return (
    <Button
      ref={ref}
      variant="subtle"
      color="gray"
      size="xs"
      style={{ alignSelf: "center", color: "var(--mantine-color-dimmed)" }}
      aria-disabled={isLoading}
      onClick={load}
    >
      {isLoading ? "Loading older messages…" : "Show older messages"}
    </Button>
  );
}
