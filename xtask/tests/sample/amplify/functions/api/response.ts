// A response, and its conversion to the result of the function.

import type { FunctionUrlResult } from './event';
import type { Problem } from './problem';

export interface Response {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Undefined for a response without content. */
  readonly body?: unknown;
}

/** The headers of every response: it is never stored, and a browser treats it as data only. */
const HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

export function encode(response: Response, type = 'application/json'): FunctionUrlResult {
  const { status, headers, body } = response;
  if (body === undefined) {
    return { statusCode: status, headers: { ...HEADERS, ...headers }, body: '' };
  }
  return { statusCode: status, headers: { ...HEADERS, 'content-type': type, ...headers }, body: JSON.stringify(body) };
}

export function encodeProblem(problem: Problem): FunctionUrlResult {
  const { status, headers } = problem;
  return encode({ status, headers, body: problem.body() }, 'application/problem+json');
}
