// Calls of the handler, as a function URL makes them.

import type { FunctionUrlEvent, FunctionUrlResult } from '../event';

type Handler = (event: FunctionUrlEvent) => Promise<FunctionUrlResult>;

export function event(method: string, target: string, body?: string, headers: Record<string, string> = {}): FunctionUrlEvent {
  const [rawPath = '', rawQueryString = ''] = target.split('?');
  const requestContext = { requestId: 'a-request', http: { method } };
  return { rawPath, rawQueryString, headers, requestContext, isBase64Encoded: false, ...(body === undefined ? {} : { body }) };
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: any;
}

export function answer({ statusCode, headers, body }: FunctionUrlResult): Answer {
  return { status: statusCode, headers, body: body === '' ? undefined : JSON.parse(body) };
}

export const get = async (handler: Handler, target: string) => answer(await handler(event('GET', target)));

export const post = async (handler: Handler, target: string, body: unknown) =>
  answer(await handler(event('POST', target, JSON.stringify(body), { 'content-type': 'application/json' })));
