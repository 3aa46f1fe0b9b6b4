// Checks of JSON values. Errors describe the problem and its location.

/** A value that does not have the expected structure, with its location. */
export class StructureError extends Error {}

export function object(value: unknown, at: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new StructureError(`${at} is not an object`);
  return value as Record<string, unknown>;
}

export function list(value: unknown, at: string): unknown[] {
  if (!Array.isArray(value)) throw new StructureError(`${at} is not a list`);
  return value;
}

/** Checks each item of a list. */
export function listOf<Item>(value: unknown, at: string, item: (value: unknown, at: string) => Item): Item[] {
  return list(value, at).map((each, index) => item(each, `${at}[${index}]`));
}

export function string(value: unknown, at: string): string {
  if (typeof value !== 'string') throw new StructureError(`${at} is not a string`);
  return value;
}

export function strings(value: unknown, at: string): string[] {
  return listOf(value, at, string);
}

export function integer(value: unknown, at: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value)) throw new StructureError(`${at} is not an integer`);
  return value;
}

/** A point in time in ISO 8601, with its offset: without one, it would be read in the visitor's time zone. */
export function time(value: unknown, at: string): Date {
  const text = string(value, at);
  const date = new Date(text);
  if (!/T.*(Z|[+-]\d\d:?\d\d)$/.test(text) || Number.isNaN(date.getTime())) throw new StructureError(`${at} is not a time with an offset`);
  return date;
}
