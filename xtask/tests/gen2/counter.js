// Responds with the request and the number of earlier requests to this container.
let count = 0;

exports.handler = async (event) => {
  count += 1;
  const { rawPath, rawQueryString, body, requestContext } = event;
  if (rawPath === '/api/throw') throw new Error('a secret of the function');
  if (rawPath === '/api/sleep') await new Promise((resolve) => setTimeout(resolve, 10_000));
  const { method } = requestContext.http;
  return {
    statusCode: 201,
    headers: { 'x-version': event.version },
    body: JSON.stringify({ count, method, rawPath, rawQueryString, body, setting: process.env.SETTING }),
  };
};
