// A container of the AWS Lambda runtime: loads a function once, then answers invocations, one at a time.
//
// Standard input has an invocation as JSON in each line, and standard output gets the outcomes. What the function prints goes
// to standard error. At the end of the input it exits.

const fs = require('node:fs');
const http = require('node:http');
const https = require('node:https');
const path = require('node:path');
const readline = require('node:readline');
const { pathToFileURL } = require('node:url');

const { _HANDLER: entry, EMULATOR_PORT: port } = process.env;
delete process.env.EMULATOR_PORT;
process.stdout.write = process.stderr.write.bind(process.stderr);

// Functions of custom resources send their result to a host of AWS. There is no certificate for its name here.
const RESPONSES = 'cloudformation-custom-resource-response-useast1.s3.amazonaws.com';
const request = https.request;
https.request = (options, ...others) => {
  const { hostname, host } = typeof options === 'string' ? new URL(options) : options;
  if ((hostname ?? host) !== RESPONSES) return request(options, ...others);
  const { pathname, search } = options instanceof URL || typeof options === 'string' ? new URL(options) : {};
  const given = pathname ? { path: pathname + search } : options;
  return http.request({ ...given, protocol: 'http:', hostname: '127.0.0.1', host: undefined, port }, ...others);
};

async function load() {
  const [file, name] = [entry.slice(0, entry.lastIndexOf('.')), entry.slice(entry.lastIndexOf('.') + 1)];
  const found = ['.js', '.mjs', '.cjs'].map((end) => path.resolve(file + end)).find((it) => fs.existsSync(it));
  if (!found) throw Object.assign(new Error(`Cannot find module '${file}'`), { name: 'Runtime.ImportModuleError' });
  const loaded = await import(pathToFileURL(found));
  const handler = loaded[name] ?? loaded.default?.[name];
  if (typeof handler !== 'function') {
    throw Object.assign(new Error(`${entry} is undefined or not exported`), { name: 'Runtime.HandlerNotFound' });
  }
  return handler;
}

const failure = (error) => ({
  error: {
    errorType: error?.name ?? 'Error',
    errorMessage: error?.message ?? String(error),
    trace: String(error?.stack ?? '').split('\n'),
  },
});

async function main() {
  // An error while loading is the outcome of each invocation.
  const handler = await load().catch((error) => () => Promise.reject(error));
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const { event, requestId, deadline } = JSON.parse(line);
    const context = {
      awsRequestId: requestId,
      functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
      functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
      memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
      invokedFunctionArn: process.env.EMULATOR_FUNCTION_ARN,
      getRemainingTimeInMillis: () => deadline - Date.now(),
    };
    // A value that is no JSON is an error, too.
    const run = async () => JSON.stringify({ value: (await handler(event, context)) ?? null });
    fs.writeSync(1, `${await run().catch((error) => JSON.stringify(failure(error)))}\n`);
  }
  process.exit();
}

main();
