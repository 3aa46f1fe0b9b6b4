// The connection to the database: one for each container, opened by the first query, and reopened after it was lost.

import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { logIdle } from './log';
import { unavailable } from './problem';
import { settings } from './settings';

let pool: pg.Pool | undefined;

function open(): pg.Pool {
  const opened = new pg.Pool(settings(process.env));
  opened.on('error', logIdle);
  return opened;
}

async function connect(): Promise<pg.PoolClient> {
  try {
    pool ??= open();
    return await pool.connect();
  } catch (cause) {
    throw new ConnectError('could not connect', { cause });
  }
}

/** Closes the connection. The next query opens another one. */
export async function close(): Promise<void> {
  const closing = pool;
  pool = undefined;
  await closing?.end();
}

/**
 * The rows of a read-only query. A connection may have been lost while the container was frozen, which only the next
 * query detects; so the query is retried once, on a new connection.
 */
export async function read<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
  try {
    return await run<Row>(text, values);
  } catch (error) {
    if (!isLost(error)) {
      throw classify(error);
    }
  }
  return run<Row>(text, values).catch((error: unknown) => {
    throw classify(error);
  });
}

/**
 * The rows that a writing statement returns. It is retried only if the server has rolled it back: two inserts that an
 * exclusion constraint compares may deadlock. After a lost connection, the outcome is unknown.
 */
export async function write<Row extends object>(text: string, values: readonly unknown[]): Promise<Row[]> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run<Row>(text, values);
    } catch (error) {
      if (attempt === ATTEMPTS || !(error instanceof pg.DatabaseError) || error.code !== DEADLOCK) {
        throw classify(error);
      }
      // The other one is still waiting to go on: at once, this one would get into its way again.
      await setTimeout(PAUSE * (1 + Math.random()));
    }
  }
}

const ATTEMPTS = 3;
/** Between the attempts, in milliseconds: at least this, and at most twice as long. */
const PAUSE = 100;
const DEADLOCK = '40P01';

async function run<Row extends object>(text: string, values: readonly unknown[]): Promise<Row[]> {
  const client = await connect();
  let isUsable = false;
  try {
    const { rows } = await client.query<Row>(text, [...values]);
    isUsable = true;
    return rows;
  } catch (error) {
    // After an error of the statement, the session is usable; after any other error, its state is unknown.
    isUsable = error instanceof pg.DatabaseError && error.severity === 'ERROR';
    throw error;
  } finally {
    client.release(!isUsable);
  }
}

/** No connection could be opened. */
class ConnectError extends Error {
  override readonly name = 'ConnectError';
}

/** Whether an open connection was lost, as opposed to a refused statement or a timeout. */
function isLost(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) {
    return error.severity !== 'ERROR';
  }
  return error instanceof Error && !(error instanceof ConnectError) && error.message !== 'Query read timeout';
}

/**
 * Classes of SQLSTATE that mean that the server can't serve the statement now: connections, transactions rolled back
 * (after several attempts), resources, locks, and interventions, including the statement timeout.
 */
const UNAVAILABLE = ['08', '40', '53', '55', '57'];

/** Keeps an error of the statement; any other error means that the database is not available. */
function classify(error: unknown): unknown {
  if (error instanceof pg.DatabaseError && !UNAVAILABLE.includes(error.code?.slice(0, 2) ?? '')) {
    return error;
  }
  return unavailable(error instanceof ConnectError ? error.cause : error);
}
