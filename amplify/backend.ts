// What `ampx pipeline-deploy` deploys: the API's function in the private subnets of the environment, and its URL.
//
// No id is written here: the infrastructure of the environment (infra/) stores them as SSM parameters, named
// /PROJECT/ENVIRONMENT/…; the branch is named like the environment. A preview (`cargo xtask preview`) has a branch and a
// database of its own, in the network and on the server of an environment.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineBackend } from '@aws-amplify/backend';
import { ArnFormat, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy, PermissionsBoundary, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Architecture, FunctionUrlAuthType, Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { addHosting } from './hosting';

/** The role that a revision in db/versions creates for the API, with the rights that its queries need. */
const DATABASE_USER = 'rooms_api';

const backend = defineBackend({});
const stack = backend.createStack('api');

// ampx passes `--branch` as context; `cargo xtask publish` sets PROJECT from xtask.toml, `cargo xtask preview` the others.
const branch: string = stack.node.getContext('amplify-backend-name');
const isPreview = process.env.PREVIEW_DATABASE !== undefined;
const environment = process.env.PREVIEW_ENVIRONMENT ?? branch;
const project = process.env.PROJECT ?? 'site';
const parameter = (name: string) =>
  StringParameter.valueForStringParameter(stack, `/${project}/${environment}/${name}`);

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/**
 * Writes RDS's certificate authorities of this region, and those without a region, which RDS Proxy uses, to a file. A
 * cold start parses the whole file, and the bundle in db/certs contains those of every region.
 */
function writeCertificateAuthorities(): string {
  const region = process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? 'the variable AWS_REGION';
  const certificates = readFileSync(path('../db/certs/rds-global-bundle.pem'), 'utf8').split(/^(?=# CN=)/m);
  const isOfRegion = (certificate: string) => certificate.startsWith(`# CN=Amazon RDS ${region} `);
  if (!certificates.some(isOfRegion)) {
    throw new Error(`db/certs/rds-global-bundle.pem has no certificate authority for ${region}`);
  }
  const file = path('../.amplify/rds.pem');
  mkdirSync(path('../.amplify'), { recursive: true });
  const kept = certificates.filter((it) => isOfRegion(it) || !it.startsWith('# CN=Amazon RDS '));
  writeFileSync(file, kept.join(''));
  return file;
}

const certificateAuthorities = writeCertificateAuthorities();

const vpc = Vpc.fromVpcAttributes(stack, 'Network', {
  vpcId: parameter('vpc-id'),
  availabilityZones: [parameter('availability-zone-a'), parameter('availability-zone-b')],
  privateSubnetIds: [parameter('private-subnet-a'), parameter('private-subnet-b')],
});

const api = new NodejsFunction(stack, 'Api', {
  entry: path('functions/api/handler.ts'),
  depsLockFilePath: path('functions/package-lock.json'),
  // Supported until April 2028, a year longer than 22. Nothing here is compiled for a processor, and Arm costs a fifth less.
  runtime: Runtime.NODEJS_24_X,
  architecture: Architecture.ARM_64,
  // Longer than the database's connect and statement timeouts together (5 s each), so that the handler reports them.
  timeout: Duration.seconds(15),
  memorySize: 512,
  // Each container holds one database connection. Previews share those of the server, and the account's concurrency.
  reservedConcurrentExecutions: isPreview ? 2 : 10,
  vpc,
  securityGroups: [
    SecurityGroup.fromSecurityGroupId(stack, 'Group', parameter('function-security-group'), { mutable: false }),
  ],
  logGroup: new LogGroup(stack, 'Logs', {
    retention: RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  }),
  environment: {
    PGHOST: parameter('database-host'),
    PGPORT: parameter('database-port'),
    PGDATABASE: process.env.PREVIEW_DATABASE ?? parameter('database-name'),
    PGUSER: DATABASE_USER,
    // Relative to the function's folder, which is the working directory on Lambda.
    PGSSLROOTCERT: 'rds.pem',
  },
  bundling: {
    // The SDK's version is the lockfile's, not the one that the runtime happens to have.
    bundleAwsSDK: true,
    // Optional, and not installed.
    externalModules: ['pg-native'],
    commandHooks: {
      beforeBundling: () => [],
      beforeInstall: () => [],
      afterBundling: (_, output) => [`cp "${certificateAuthorities}" "${output}/rds.pem"`],
    },
  },
});

// The password is a token for this one database user. To give the function more rights, for example to send mail, add
// statements here, with resources as narrow as this one. The permissions boundary of the environment (infra/) must
// allow them as well: it prevents a statement here from granting more than the team agreed on.
api.addToRolePolicy(
  new PolicyStatement({
    actions: ['rds-db:connect'],
    resources: [
      stack.formatArn({
        service: 'rds-db',
        resource: 'dbuser',
        resourceName: `${parameter('database-resource-id')}/${DATABASE_USER}`,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
    ],
  }),
);

// Anyone may call it, as anyone may open the page. The page reaches it at its own origin: through the app's custom rule for
// /api/<*>, or through a behavior of the page's distribution.
const url = api.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
backend.addOutput({ custom: { api: url.url } });

// Responses of the function with a status of 500 or above. The topic is that of the environment (infra/), whose team need
// not know of the errors of a preview.
if (!isPreview) {
  new Alarm(stack, 'ApiErrors', {
    alarmName: `${project}-${environment}-api-errors`,
    alarmDescription: 'The API has answered with server errors: see the log of its function',
    metric: new Metric({
      namespace: 'AWS/Lambda',
      metricName: 'Url5xxCount',
      dimensionsMap: { FunctionName: api.functionName },
      statistic: 'Sum',
      period: Duration.minutes(5),
    }),
    threshold: 1,
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  }).addAlarmAction(new SnsAction(Topic.fromTopicArn(stack, 'Alarms', parameter('alarm-topic'))));
}

// `cargo xtask publish` sets HOSTING from xtask.toml.
if (process.env.HOSTING === 'cloudfront') {
  const hosting = addHosting(backend.createStack('hosting'), project, environment, url);
  backend.addOutput({ custom: { hosting } });
}

// All roles, including Amplify's own.
const limits = `${project}-${environment}-${isPreview ? 'preview-boundary' : 'boundary'}`;
const boundary = ManagedPolicy.fromManagedPolicyName(backend.stack, 'Boundary', limits);
PermissionsBoundary.of(backend.stack).apply(boundary);
