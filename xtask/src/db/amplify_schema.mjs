// Writes Amplify Data's schema of a database with AWS's own generator. By itself, the generator connects only over TLS,
// and describes every table of the schema `public`. So its query is run by the caller, without the engine's tables:
//   query             prints the query
//   generate NAME     reads its rows from standard input, as JSON, and prints the schema. NAME identifies the database

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

// A dependency of the package that `ampx` uses.
const installed = createRequire(join(process.cwd(), 'package.json'));
const { Engine, PostgresDataSourceAdapter, PostgresStringDataSourceAdapter, Schema, generateTypescriptDataSchema } =
  createRequire(installed.resolve('@aws-amplify/schema-generator'))('@aws-amplify/graphql-schema-generator');

/** The secret with the connection string, as in AWS's documentation of `ampx generate schema-from-database`. */
const SECRET = 'SQL_CONNECTION_STRING';

/** What AWS's adapter makes of the rows of its query. `run` runs the query. */
function read(run) {
  // The name of the database, which the query puts in quotes. Any name will do.
  const adapter = new PostgresDataSourceAdapter({ database: "' || current_database() || '" });
  adapter.dbBuilder = { raw: async (query) => ({ rows: run(query) }) };
  return adapter.querySchema();
}

/** The rows in a fixed order, as the driver returns them: an array of names as text. */
function rows() {
  const key = (row) => [row.table_name, String(row.ordinal_position).padStart(5, '0'), row.indexname ?? ''].join('\0');
  const compare = (one, other) => (key(one) < key(other) ? -1 : 1);
  const found = JSON.parse(readFileSync(0, 'utf8')).sort(compare);
  return found.map((row) => ({ ...row, enum_values: row.enum_values && `{${row.enum_values.join(',')}}` }));
}

const [task, identifier] = process.argv.slice(1);
try {
  if (task === 'query') {
    await read((query) => (console.log(query), []));
  } else {
    const schema = new Schema(new Engine('Postgres'));
    for (const model of new PostgresStringDataSourceAdapter(await read(rows)).getModels()) schema.addModel(model);
    console.log(generateTypescriptDataSchema(schema, { identifier, secretNames: { connectionUri: SECRET } }).trimEnd());
  }
} catch (error) {
  // The generator's own messages, such as for an empty schema.
  console.error(`error: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
