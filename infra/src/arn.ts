import type { Stack } from 'aws-cdk-lib';

/** The ARN of a resource, without a literal account number. */
export function arn(scope: Stack, service: string, resource: string, place: 'here' | 'global' | 'nowhere' = 'here'): string {
  const region = place === 'here' ? scope.region : '';
  const account = place === 'nowhere' ? '' : scope.account;
  return `arn:${scope.partition}:${service}:${region}:${account}:${resource}`;
}

/** The ARN of a user in a database, for the permission to connect. */
export function databaseUser(scope: Stack, resourceId: string, user: string): string {
  return arn(scope, 'rds-db', `dbuser:${resourceId}/${user}`);
}
