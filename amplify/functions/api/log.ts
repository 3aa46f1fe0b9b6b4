// The log: one line of JSON on standard error for each failed request. It contains no header, no body, no query string,
// and no row: PostgreSQL puts rows into the detail of an error, which is omitted.

import type { FunctionUrlEvent } from './event';
import type { Problem } from './problem';

export function log(event: FunctionUrlEvent, problem: Problem): void {
  const { requestId, http } = event.requestContext;
  const request = { requestId, method: http.method, path: event.rawPath };
  console.error(JSON.stringify({ level: 'error', ...request, status: problem.status, error: describe(problem.cause) }));
}

/** Logs an error of a connection that no request uses. */
export function logIdle(error: unknown): void {
  console.error(JSON.stringify({ level: 'warn', message: 'an idle connection was lost', error: describe(error) }));
}

function describe(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) {
    return { message: String(error) };
  }
  const { name, message, stack } = error;
  return { name, message, ...('code' in error ? { code: error.code } : {}), stack: stack?.split('\n').slice(1, 6).map((line) => line.trim()) };
}
