import type { aws_iam as iam, Stack } from 'aws-cdk-lib';
import { publishingGen1 } from './publishing-gen1.js';
import { publishingGen2 } from './publishing-gen2.js';
import type { Settings } from './settings.js';

/** Permissions of the build that publishes, for the generation of the project. */
export function publishing(scope: Stack, settings: Settings, appId: string): iam.PolicyStatement[] {
  return settings.generation === 1 ? publishingGen1(scope, settings, appId) : publishingGen2(scope, settings, appId);
}
