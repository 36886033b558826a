import { fullTime, timeOfDay } from "./time-words.ts";

export function ItemTime({ iso }: { readonly iso: string }) {
  return (
    <time dateTime={iso} title={fullTime(iso)}>
      {timeOfDay(iso)}
    </time>
  );
}
