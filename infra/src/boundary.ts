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
  const { project, environment } = settings;
  const allow = (actions: readonly string[], resources: string[]) =>
    new iam.PolicyStatement({ actions: [...actions], resources });
  // CloudFormation shortens the name of the stack in those of functions: it may end within the name of the branch.
  const functions = `amplify-${appId}-*`;
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
        // Secrets of Amplify (`ampx sandbox secret`, or the console).
        arn(scope, 'ssm', `parameter/amplify/${appId}/*`),
      ],
    ),
    // The function of Amplify that records the stack in its branch, and the CDK's function that calls it.
    allow(['amplify:GetBranch', 'amplify:UpdateBranch'], [arn(scope, 'amplify', `apps/${appId}/branches/${environment}`)]),
    allow(['lambda:InvokeFunction', 'lambda:GetFunction'], [arn(scope, 'lambda', `function:${functions}`)]),
    ...(settings.backend_actions.length > 0 ? [allow(settings.backend_actions, ['*'])] : []),
  ];
}
