// The functions of the backend behind Vite's development server: a request for `/api/…` is converted to the event of a
// function URL. The handler is the deployed one; Vite reloads it after an edit. `cargo xtask dev` sets the database.

import type { IncomingMessage } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

/** What the handler returns (payload version 2.0). Not imported from the functions: a backend may have none. */
interface Result {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

type Handler = (event: object) => Promise<Result>;

const HANDLER = fileURLToPath(new URL('../amplify/functions/api/handler.ts', import.meta.url));

/** Only for the development server: `vite preview` and the build have no API. */
export function functions(): Plugin {
  return {
    name: 'functions',
    apply: 'serve',
    configureServer(server) {
      server.middlewares.use(async (request, response, next) => {
        const [path = '', query = ''] = (request.url ?? '').split(/\?(.*)/s);
        if (!path.startsWith('/api/')) {
          return next();
        }
        try {
          const { handler } = (await server.ssrLoadModule(HANDLER)) as { handler: Handler };
          const { statusCode, headers, body } = await handler(await event(request, path, query));
          response.writeHead(statusCode, headers).end(body);
        } catch (error) {
          next(error);
        }
      });
    },
  };
}

async function event(request: IncomingMessage, rawPath: string, rawQueryString: string): Promise<object> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, value?.toString()]));
  const requestContext = { requestId: crypto.randomUUID(), http: { method: request.method ?? 'GET' } };
  // A function URL encodes bodies that may not be text.
  return { rawPath, rawQueryString, headers, requestContext, body: Buffer.concat(chunks).toString('base64'), isBase64Encoded: true };
}
