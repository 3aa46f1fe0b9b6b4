// Databases for the tests, on the server that libpq's variables name, migrated by the revisions themselves.

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const server = { ...process.env };

export class Database {
  private constructor(
    readonly name: string,
    /** A session of the role that migrates. */
    readonly admin: pg.Client,
  ) {}

  /** A fresh database, upgraded to a target. */
  static async create(target = 'heads'): Promise<Database> {
    const name = `functions_${process.pid}_${Math.random().toString(36).slice(2)}`;
    await asOwner('postgres', (client) => client.query(`CREATE DATABASE ${name}`));
    const admin = connectionTo(name);
    await admin.connect();
    const database = new Database(name, admin);
    database.upgrade(target);
    return database;
  }

  upgrade(target: string): void {
    const [program, ...rest] = server['XTASK'] ? [server['XTASK']] : ['cargo', 'xtask'];
    const versions = `${root}db/versions`;
    const env = { ...server, CARGO_MANIFEST_DIR: `${root}xtask` };
    execFileSync(program, [...rest, 'db', 'upgrade', target, '--dir', versions, '--url', `dbname=${this.name}`], { env, stdio: 'pipe' });
  }

  /** The connection settings of the function: the role of the API, which the test server trusts. */
  environment(): Record<string, string> {
    return { PGDATABASE: this.name, PGUSER: 'rooms_api', PGPASSWORD: 'unused' };
  }

  async drop(): Promise<void> {
    await this.admin.end();
    await asOwner('postgres', (client) => client.query(`DROP DATABASE ${this.name} WITH (FORCE)`));
  }
}

function connectionTo(database: string): pg.Client {
  const { PGHOST, PGPORT, PGUSER, PGPASSWORD } = server;
  if (PGHOST === undefined) {
    throw new Error('no server: run `cargo xtask test functions`, or set PGHOST');
  }
  return new pg.Client({ host: PGHOST, port: Number(PGPORT ?? 5432), user: PGUSER ?? 'postgres', password: PGPASSWORD, database });
}

async function asOwner(database: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = connectionTo(database);
  await client.connect();
  await work(client).finally(() => client.end());
}
