// The paths of the API and their handlers.

import { book } from './bookings';
import { calendar } from './calendar';
import { health } from './health';
import { Problem } from './problem';
import type { Request } from './request';
import type { Response } from './response';
import { rooms } from './rooms';

type Serve = (request: Request) => Promise<Response>;
type Method = 'GET' | 'POST';

const ROUTES: ReadonlyMap<string, Readonly<Partial<Record<Method, Serve>>>> = new Map([
  ['/api/health', { GET: health }],
  ['/api/rooms', { GET: rooms }],
  ['/api/calendar', { GET: calendar }],
  ['/api/bookings', { POST: book }],
]);

/** Serves a request. One for HEAD is served as GET; the handler removes the body. */
export async function serve(request: Request): Promise<Response> {
  const route = request.path === undefined ? undefined : ROUTES.get(request.path);
  if (route === undefined) {
    throw new Problem(404, 'not-found', 'Not found', 'The API has no such path.');
  }
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const serveMethod = method === 'GET' || method === 'POST' ? route[method] : undefined;
  if (serveMethod !== undefined) {
    return serveMethod(request);
  }
  const allow = [...Object.keys(route).flatMap((known) => (known === 'GET' ? ['GET', 'HEAD'] : [known])), 'OPTIONS'].join(', ');
  if (request.method === 'OPTIONS') {
    return { status: 204, headers: { allow } };
  }
  throw new Problem(405, 'method-not-allowed', 'Method not allowed', `This path supports ${allow}.`, {}, { allow });
}
