// What code can do with the types, and what it can't.

import type { Arrays, Kinds, Mood, NewPresence, Presence } from './columns';
import type { NewSimpleView, SomeColumns } from './privileges';

const required = { required: 'a', required_json: {}, required_domain: 'b' };
export const least: NewPresence = required;
export const most: NewPresence = { ...required, number: 1, serial: 2, default: 'c', optional: null, optional_json: null, default_of_domain: 3 };
// @ts-expect-error A column without a default is required.
export const missing: NewPresence = { required: 'a', required_json: {} };
// @ts-expect-error The server generates the id.
export const generated: NewPresence = { ...required, id: '1' };
// @ts-expect-error It is NOT NULL.
export const none: NewPresence = { ...required, default: null };

export const id = (row: Presence): string => row.id;
export const optional = (row: Presence): string | null => row.optional;
// @ts-expect-error It may be NULL.
export const never = (row: Presence): string => row.optional;
// @ts-expect-error Rows don't change.
export const changed = (row: Presence) => (row.id = '2');

export const mood: Mood = 'it\'s "ok"';
// @ts-expect-error It is not a value of the enum.
export const unknown: Mood = 'happy';
export const moodOf = (row: Kinds): Mood | null => row.mood;
export const days = (row: Kinds): number | undefined => row.interval?.days;
export const dates = (row: Arrays): Date[] | null => row.timestamptz;

// @ts-expect-error The role can't read it.
export const secret = (row: SomeColumns) => row.b;
export const view: NewSimpleView = { b: 1 };
