// The entry point of the function: an event in, a response out. Every error becomes a problem.

import type { FunctionUrlEvent, FunctionUrlResult } from './event';
import { log } from './log';
import { Problem, internal } from './problem';
import { decode } from './request';
import { encode, encodeProblem } from './response';
import { serve } from './routes';

export const handler = async (event: FunctionUrlEvent): Promise<FunctionUrlResult> => {
  const request = decode(event);
  const result = await serve(request).then(encode, (error: unknown) => {
    const problem = error instanceof Problem ? error : internal(error);
    if (problem.status >= 500) {
      log(event, problem);
    }
    return encodeProblem(problem);
  });
  return request.method === 'HEAD' ? { ...result, body: '' } : result;
};
