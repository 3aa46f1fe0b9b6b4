import type { Stack } from 'aws-cdk-lib';
import type { Settings } from './settings.js';

/** The ARN of a resource, without a literal account number. */
export function arn(scope: Stack, service: string, resource: string, place: 'here' | 'global' | 'nowhere' = 'here'): string {
  const region = place === 'here' ? scope.region : '';
  const account = place === 'nowhere' ? '' : scope.account;
  return `arn:${scope.partition}:${service}:${region}:${account}:${resource}`;
}

/** The ARN of the functions' user in a database, for the permission to connect. */
export function databaseUser(scope: Stack, resourceId: string, settings: Settings): string {
  return arn(scope, 'rds-db', `dbuser:${resourceId}/${settings.database_user}`);
}
