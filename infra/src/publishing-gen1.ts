import { aws_iam as iam, type Stack } from 'aws-cdk-lib';
import { arn } from './arn.js';
import type { Settings } from './settings.js';

/**
 * Permissions to publish a Gen 1 project: the calls of `cargo xtask publish`, of the Amplify CLI, and of CloudFormation
 * on their behalf (in Gen 1, it has no separate role). README.md lists the calls by step.
 */
export function publishingGen1(scope: Stack, settings: Settings, appId: string): iam.PolicyStatement[] {
  const stack = `amplify-${settings.project}-${settings.environment}-*`;
  const buckets = [
    arn(scope, 's3', `${stack}-deployment`, 'nowhere'),
    arn(scope, 's3', `${settings.hosting_bucket}-${settings.environment}-${scope.account}-${scope.region}`, 'nowhere'),
  ];
  const allow = (actions: string[], resources: string[]) => new iam.PolicyStatement({ actions, resources });
  return [
    allow(
      ['amplify:GetApp', 'amplify:GetBackendEnvironment', 'amplify:CreateBackendEnvironment'],
      [arn(scope, 'amplify', `apps/${appId}`), arn(scope, 'amplify', `apps/${appId}/backendenvironments/*`)],
    ),
    allow(
      [
        'cloudformation:CreateStack',
        'cloudformation:UpdateStack',
        'cloudformation:DescribeStacks',
        'cloudformation:DescribeStackEvents',
        'cloudformation:DescribeStackResources',
        'cloudformation:ListStackResources',
        'cloudformation:GetTemplate',
        'cloudformation:TagResource',
      ],
      [arn(scope, 'cloudformation', `stack/${stack}/*`)],
    ),
    allow(
      [
        's3:CreateBucket',
        's3:ListBucket',
        's3:GetBucketLocation',
        's3:GetBucketPolicy',
        's3:PutBucketPolicy',
        's3:DeleteBucketPolicy',
        's3:GetBucketWebsite',
        's3:PutBucketWebsite',
        's3:GetBucketCORS',
        's3:PutBucketCORS',
        's3:PutBucketAcl',
        's3:PutBucketTagging',
        's3:GetEncryptionConfiguration',
        's3:PutEncryptionConfiguration',
      ],
      buckets,
    ),
    allow(['s3:GetObject', 's3:PutObject', 's3:DeleteObject'], buckets.map((bucket) => `${bucket}/*`)),
    allow(
      ['iam:CreateRole', 'iam:GetRole', 'iam:TagRole', 'iam:DeleteRole'],
      [arn(scope, 'iam', `role/${stack}`, 'global')],
    ),
    allow(
      [
        'cloudfront:CreateDistribution',
        'cloudfront:GetDistribution',
        'cloudfront:GetDistributionConfig',
        'cloudfront:UpdateDistribution',
        'cloudfront:TagResource',
        'cloudfront:CreateInvalidation',
        'cloudfront:GetInvalidation',
      ],
      [arn(scope, 'cloudfront', 'distribution/*', 'global')],
    ),
    allow(
      [
        'cloudfront:CreateCloudFrontOriginAccessIdentity',
        'cloudfront:GetCloudFrontOriginAccessIdentity',
        'cloudfront:GetCloudFrontOriginAccessIdentityConfig',
      ],
      [arn(scope, 'cloudfront', 'origin-access-identity/*', 'global')],
    ),
  ];
}
