import { aws_iam as iam, type Stack } from 'aws-cdk-lib';
import { arn, databaseUser } from './arn.js';
import type { Settings } from './settings.js';

/** The calls of Lambda for a function in a VPC (the managed policy AWSLambdaVPCAccessExecutionRole). */
const NETWORK_INTERFACES = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];

/** What a backend consists of, as far as its names are known. */
interface Backend {
  /** The names of its functions. */
  readonly functions: string;
  /** Its branch, from `apps/`. */
  readonly branch: string;
  /** The parameters with Amplify's secrets (`ampx sandbox secret`, or the console). */
  readonly secrets: string | undefined;
  /** What its functions are tagged with, if their names are shared with other backends. */
  readonly tag: Readonly<Record<string, string>> | undefined;
}

/**
 * The maximum permissions of a role of the backend: those that `amplify/backend.ts` and Amplify's own functions need,
 * and `backend_actions`. A boundary grants nothing, and it does not contain IAM: a role can't create one with more
 * permissions.
 */
export function boundary(
  scope: Stack,
  settings: Settings,
  appId: string,
  databases: readonly string[],
): iam.PolicyStatement[] {
  return statements(scope, settings, databases, {
    // CloudFormation shortens the name of the stack in those of functions: it may end within the name of the branch.
    functions: `amplify-${appId}-*`,
    branch: `${appId}/branches/${settings.environment}`,
    secrets: `parameter/amplify/${appId}/*`,
    tag: undefined,
  });
}

/**
 * The same for the previews of the environment. Each has an app, whose id is not known here, and a branch that begins with
 * `preview-`, with which `ampx` tags all resources of a backend.
 */
export function previewBoundary(scope: Stack, settings: Settings, databases: readonly string[]): iam.PolicyStatement[] {
  return statements(scope, settings, databases, {
    functions: 'amplify-*',
    branch: '*/branches/preview-*',
    secrets: undefined,
    tag: { 'aws:ResourceTag/amplify:branch-name': 'preview-*' },
  });
}

function statements(
  scope: Stack,
  settings: Settings,
  databases: readonly string[],
  { functions, branch, secrets, tag }: Backend,
): iam.PolicyStatement[] {
  const { project, environment } = settings;
  const allow = (actions: readonly string[], resources: string[], conditions: Record<string, unknown> = {}) =>
    new iam.PolicyStatement({ actions: [...actions], resources, conditions });
  return [
    allow(NETWORK_INTERFACES, ['*']),
    allow(
      ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
      [
        arn(scope, 'logs', `log-group:${functions}`),
        arn(scope, 'logs', `log-group:/aws/lambda/${functions}`),
      ],
    ),
    allow(['rds-db:connect'], databases.map((database) => databaseUser(scope, database, settings.database_user))),
    allow(
      ['ssm:GetParameter', 'ssm:GetParameters', 'ssm:GetParametersByPath'],
      [
        arn(scope, 'ssm', `parameter/${project}/${environment}/*`),
        ...(secrets === undefined ? [] : [arn(scope, 'ssm', secrets)]),
      ],
    ),
    // The function of Amplify that records the stack in its branch, and the CDK's function that calls it.
    allow(['amplify:GetBranch', 'amplify:UpdateBranch'], [arn(scope, 'amplify', `apps/${branch}`)]),
    allow(
      ['lambda:InvokeFunction', 'lambda:GetFunction'],
      [arn(scope, 'lambda', `function:${functions}`)],
      tag === undefined ? {} : { StringLike: tag },
    ),
    ...(settings.backend_actions.length > 0 ? [allow(settings.backend_actions, ['*'])] : []),
  ];
}
