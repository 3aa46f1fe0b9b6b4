// How the function connects: TLS, and the password.

import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { TLSSocket } from 'node:tls';
import pg from 'pg';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { settings } from './settings';

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const BUNDLE = file('../../../db/certs/rds-global-bundle.pem');
/** Its own authority, for the name `localhost`. */
const CERTIFICATE = file('./testing/certificate.pem');
const ON_AWS = { PGHOST: 'main.cluster.us-east-1.rds.amazonaws.com', PGUSER: 'rooms_api', PGDATABASE: 'site', AWS_REGION: 'us-east-1', PGSSLROOTCERT: BUNDLE };

afterEach(() => vi.unstubAllEnvs());

describe('TLS', () => {
  test.each(['/tmp/socket', 'localhost', '127.0.0.1', '::1'])('is off for %s', (PGHOST) => {
    expect(settings({ ...ON_AWS, PGHOST }).ssl).toBe(false);
  });

  test.each([ON_AWS.PGHOST, '10.1.100.7', '127.example.com', 'localhost.example.com'])('is verified for %s', (PGHOST) => {
    expect(settings({ ...ON_AWS, PGHOST }).ssl).toEqual({ ca: readFileSync(BUNDLE, 'utf8'), rejectUnauthorized: true });
  });

  test('requires the authorities', () => {
    expect(() => settings({ ...ON_AWS, PGSSLROOTCERT: undefined })).toThrow('PGSSLROOTCERT is not set');
  });

  /** The client's error when a server with the certificate of `localhost` runs at this address. */
  async function connectTo(host: string, PGSSLROOTCERT: string): Promise<string> {
    const [key, cert] = [readFileSync(file('./testing/key.pem')), readFileSync(CERTIFICATE)];
    const server = createServer((socket) => {
      // The first message asks for TLS.
      socket.once('data', () => {
        socket.write('S');
        const secure = new TLSSocket(socket, { isServer: true, key, cert });
        secure.on('error', () => {}).once('data', () => secure.destroy());
      });
    });
    await new Promise<void>((resolve) => server.listen(0, resolve));
    const { port } = server.address() as AddressInfo;
    const client = new pg.Client({ ...settings({ ...ON_AWS, PGSSLROOTCERT, PGPASSWORD: 'hunter2' }), host, port });
    const error = await client.connect().then(() => undefined, (error: NodeJS.ErrnoException) => error);
    server.close();
    return error?.code ?? error?.message ?? 'connected';
  }

  test('refuses an unknown authority', async () => {
    expect(await connectTo('localhost', BUNDLE)).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
  });

  test('refuses the certificate of another host', async () => {
    expect(await connectTo('127.0.0.1', CERTIFICATE)).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  });

  test('accepts the right one', async () => {
    expect(await connectTo('localhost', CERTIFICATE)).toBe('Connection terminated unexpectedly');
  });
});

describe('the password', () => {
  test('is an IAM token for this host and role, signed for each connection', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'hunter2');
    const { password } = settings({ ...ON_AWS, PGPORT: '5433' });
    const token = typeof password === 'function' ? await password() : undefined;
    expect(token).toMatch(/^main\.cluster\.us-east-1\.rds\.amazonaws\.com:5433\/\?/);
    expect(token).toMatch(/Action=connect&DBUser=rooms_api&.*us-east-1%2Frds-db/);
    expect(token).not.toContain('hunter2');
  });

  test('may be given', () => {
    expect(settings({ ...ON_AWS, PGPASSWORD: 'hunter2' }).password).toBe('hunter2');
  });

  test('is not needed at a socket', () => {
    expect(settings({ ...ON_AWS, PGHOST: '/tmp/socket', AWS_REGION: undefined }).password).toBeUndefined();
  });
});
