// Reads each table of `columns.ts` with node-postgres, and compares each value with the type of its property.

import { readFileSync } from 'node:fs';
import pg from 'pg';

const isObject = (...keys) => (value) => typeof value === 'object' && keys.every((key) => typeof value[key] === 'number');
const KINDS = {
  boolean: (value) => typeof value === 'boolean',
  number: (value) => typeof value === 'number',
  string: (value) => typeof value === 'string',
  Date: (value) => value instanceof Date,
  Buffer: (value) => Buffer.isBuffer(value),
  // Text is `string`: JSON is parsed.
  unknown: (value) => typeof value !== 'string',
  '{ readonly x: number; readonly y: number }': isObject('x', 'y'),
  '{ readonly x: number; readonly y: number; readonly radius: number }': isObject('x', 'y', 'radius'),
  PgInterval: (value) => typeof value.toPostgres() === 'string' && typeof value.toISOString() === 'string' && isObject('days')(value),
};

const text = readFileSync(process.argv[2], 'utf8');
const unions = new Map();
for (const [, name, members] of text.matchAll(/^export type (\w+) =\s([^;]*);$/gm)) {
  unions.set(name, members.split('|').map((member) => member.trim()).filter(Boolean));
}

/** Whether a value has a type. */
function has(value, type) {
  if (type.endsWith(' | null')) {
    return value === null || has(value, type.slice(0, -' | null'.length));
  }
  if (type.endsWith('[]')) {
    return Array.isArray(value) && value.flat().length > 0 && value.flat().every((element) => has(element, type.slice(0, -2)));
  }
  const union = unions.get(type);
  return union ? union.map((member) => eval(member)).includes(value) : (KINDS[type] ?? (() => false))(value);
}

const client = new pg.Client();
await client.connect();
let count = 0;
for (const [, name, body] of text.matchAll(/^export interface (Kinds|Arrays|Presence) \{\n(.*?)^\}$/gms)) {
  const { rows: [row] } = await client.query(`SELECT * FROM ${name.toLowerCase()}`);
  const types = new Map([...body.matchAll(/^ {2}readonly (\w+): (.*);$/gm)].map(([, property, type]) => [property, type]));
  for (const [column, value] of Object.entries(row)) {
    if (!has(value, types.get(column) ?? '')) {
      throw new Error(`${name}.${column}: ${types.get(column)}, but node-postgres returns ${JSON.stringify(value)}`);
    }
    count += 1;
  }
}
await client.end();
console.log(`${count} values`);
