// How to connect to the database, from environment variables: those of libpq, and AWS_REGION.

import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { Signer } from '@aws-sdk/rds-signer';
import type { PoolConfig } from 'pg';

type Environment = Readonly<Record<string, string | undefined>>;

/** In milliseconds. The client's timeout is slightly longer than the server's statement timeout. */
const TIMEOUTS = { connectionTimeoutMillis: 5_000, statement_timeout: 5_000, query_timeout: 6_000 };

export function settings(environment: Environment): PoolConfig {
  const host = required(environment, 'PGHOST');
  const user = required(environment, 'PGUSER');
  const port = Number(environment['PGPORT'] ?? 5432);
  return {
    ...TIMEOUTS,
    host,
    port,
    user,
    database: required(environment, 'PGDATABASE'),
    ...password(environment, host, port, user),
    ssl: isLocal(host) ? false : { ca: readFileSync(required(environment, 'PGSSLROOTCERT'), 'utf8'), rejectUnauthorized: true },
    application_name: 'api',
    // A container serves one request at a time.
    max: 1,
    keepAlive: true,
  };
}

/** Only a password from `PGPASSWORD` is text; an IAM token is signed for each connection, because it expires. */
function password(environment: Environment, hostname: string, port: number, username: string): Pick<PoolConfig, 'password'> {
  if (environment['PGPASSWORD']) {
    return { password: environment['PGPASSWORD'] };
  }
  if (isSocket(hostname)) {
    return {};
  }
  const signer = new Signer({ hostname, port, username, region: required(environment, 'AWS_REGION') });
  return { password: () => signer.getAuthToken() };
}

function required(environment: Environment, name: string): string {
  const value = environment[name];
  if (!value) {
    throw new Error(`${name} is not set`);
  }
  return value;
}

const isSocket = (host: string) => host.startsWith('/');

/** Whether the connection stays on this machine. A name other than `localhost` does not show that. */
const isLocal = (host: string) =>
  isSocket(host) || host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
