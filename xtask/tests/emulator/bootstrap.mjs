// Bootstraps the CDK in the emulator, as `cdk bootstrap` does, with the CDK of an installed `amplify/`.
//
//     node bootstrap.mjs NODE_MODULES ACCOUNT REGION

import { pathToFileURL } from 'node:url';

const [modules, account, region] = process.argv.slice(2);
const { Toolkit, BootstrapEnvironments } = await import(
  pathToFileURL(`${modules}/@aws-cdk/toolkit-lib/lib/index.js`)
);
await new Toolkit().bootstrap(BootstrapEnvironments.fromList([`aws://${account}/${region}`]));
