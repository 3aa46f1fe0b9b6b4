/** A time in ISO 8601 to the minute, in UTC; an invalid one is returned unchanged. */
export function minute(text: string): string {
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? text : `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
