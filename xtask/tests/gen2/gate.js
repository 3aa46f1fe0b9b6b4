// The function of a custom resource: records each request in a file, and fails on demand.
const fs = require('node:fs');
const https = require('node:https');

exports.handler = (event) =>
  new Promise((resolve, reject) => {
    const { RequestType, ResourceProperties: given, OldResourceProperties: old } = event;
    fs.appendFileSync(given.Log, `${RequestType} ${given.Value}${old ? ` after ${old.Value}` : ''}\n`);
    const isRefused = given.Refuse === RequestType;
    const body = JSON.stringify({
      Status: isRefused ? 'FAILED' : 'SUCCESS',
      Reason: isRefused ? 'the gate is closed' : undefined,
      PhysicalResourceId: 'the-gate',
      StackId: event.StackId,
      RequestId: event.RequestId,
      LogicalResourceId: event.LogicalResourceId,
      Data: { Answer: `${given.Value} passed` },
    });
    const { hostname, pathname } = new URL(event.ResponseURL);
    const request = https.request({ hostname, path: pathname, method: 'PUT' }, () => resolve());
    request.on('error', reject).end(body);
  });
