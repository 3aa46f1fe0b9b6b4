// GET /api/health: the schema heads that the database is at.

import { read } from './database';
import type { Response } from './response';

export async function health(): Promise<Response> {
  const rows = await read<{ head: string }>('SELECT version_num AS head FROM alembic_version ORDER BY version_num COLLATE "C"');
  return { status: 200, body: { status: 'ok', heads: rows.map(({ head }) => head) } };
}
