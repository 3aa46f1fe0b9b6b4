import { aws_iam as iam, type Stack } from 'aws-cdk-lib';
import { arn } from './arn.js';
import type { Settings } from './settings.js';

/** The roles of `cdk bootstrap` that a deployment without container images assumes. */
const CDK_ROLES = ['deploy', 'file-publishing', 'lookup'];

/** The default qualifier of the CDK, which `ampx` does not change. */
const CDK = 'hnb659fds';

/**
 * Permissions to publish a Gen 2 project: the calls of `cargo xtask publish` and of `ampx`, which deploys as the CDK's
 * roles. README.md lists the calls by step.
 */
export function publishingGen2(scope: Stack, settings: Settings, appId: string): iam.PolicyStatement[] {
  const allow = (actions: string[], resources: string[]) => new iam.PolicyStatement({ actions, resources });
  const app = `apps/${appId}`;
  const branch = `${app}/branches/${settings.environment}`;
  const role = (name: string) =>
    arn(scope, 'iam', `role/cdk-${CDK}-${name}-role-${scope.account}-${scope.region}`, 'global');
  return [
    allow(['sts:AssumeRole'], CDK_ROLES.map(role)),
    allow(['ssm:GetParameter'], [arn(scope, 'ssm', `parameter/cdk-bootstrap/${CDK}/version`)]),
    allow(
      [
        'cloudformation:DescribeStacks',
        'cloudformation:DescribeStackEvents',
        'cloudformation:GetTemplate',
        'cloudformation:GetTemplateSummary',
        'cloudformation:ListStackResources',
      ],
      [arn(scope, 'cloudformation', `stack/amplify-${appId}-${settings.environment}-branch-*/*`)],
    ),
    allow(
      ['amplify:GetApp', 'amplify:UpdateApp', 'amplify:GetBranch', 'amplify:CreateBranch'],
      [app, branch].map((resource) => arn(scope, 'amplify', resource)),
    ),
    allow(
      ['amplify:CreateDeployment', 'amplify:StartDeployment', 'amplify:GetJob', 'amplify:ListJobs'],
      [branch, `${branch}/jobs/*`, `${branch}/deployments/*`].map((resource) => arn(scope, 'amplify', resource)),
    ),
    ...(settings.hosting === 'cloudfront' ? uploading(scope, settings) : []),
  ];
}

/** Permissions to upload the page to the bucket that `amplify/hosting.ts` names, and to invalidate CloudFront's cache. */
function uploading(scope: Stack, settings: Settings): iam.PolicyStatement[] {
  const bucket = arn(scope, 's3', pageBucket(scope, settings), 'nowhere');
  return [
    new iam.PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket] }),
    new iam.PolicyStatement({ actions: ['s3:PutObject', 's3:DeleteObject'], resources: [`${bucket}/*`] }),
    new iam.PolicyStatement({
      // CloudFront chooses the ids, and the backend is not deployed yet.
      actions: ['cloudfront:CreateInvalidation', 'cloudfront:GetInvalidation'],
      resources: [arn(scope, 'cloudfront', 'distribution/*', 'global')],
    }),
  ];
}

/** The name of the page's bucket, with references for the account and the region. */
function pageBucket(scope: Stack, { project, environment }: Settings): string {
  return `${project}-${environment}-page-${scope.account}-${scope.region}`;
}
