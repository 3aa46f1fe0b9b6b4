// A request as the routes see it: the event decoded.

import type { FunctionUrlEvent } from './event';
import { Problem } from './problem';

/** The longest body in bytes. */
const BODY_LIMIT = 8 * 1024;

export interface Request {
  readonly method: string;
  /** Decoded; undefined if it is not valid percent-encoding, and therefore not a path of the API. */
  readonly path: string | undefined;
  readonly query: URLSearchParams;
  /** Reads the body as JSON. */
  readonly json: () => unknown;
}

export function decode(event: FunctionUrlEvent): Request {
  return {
    method: event.requestContext.http.method.toUpperCase(),
    path: decodePath(event.rawPath),
    query: new URLSearchParams(event.rawQueryString),
    json: () => json(event),
  };
}

function decodePath(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

function json(event: FunctionUrlEvent): unknown {
  if (!isJson(event.headers['content-type'] ?? '')) {
    throw new Problem(415, 'unsupported-media-type', 'Unsupported media type', 'The body must be application/json in UTF-8.');
  }
  const body = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if (body.byteLength > BODY_LIMIT) {
    throw new Problem(413, 'too-large', 'The request is too large', `The body may have at most ${BODY_LIMIT} bytes.`);
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new Problem(400, 'not-json', 'The body is not JSON', 'The body must be JSON in UTF-8.');
  }
}

function isJson(contentType: string): boolean {
  const [type, ...parameters] = contentType.toLowerCase().split(';').map((part) => part.trim());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='));
  return type === 'application/json' && (charset === undefined || /^charset="?utf-8"?$/.test(charset));
}
