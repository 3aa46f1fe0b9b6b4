import { aws_iam as iam, aws_ssm as ssm, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { boundary, previewBoundary } from './boundary.js';
import type { Database } from './database.js';
import type { Network } from './network.js';
import type { Settings } from './settings.js';

export interface BackendProps {
  readonly settings: Settings;
  readonly network: Network;
  readonly database: Database;
  readonly appId: string;
}

/**
 * The resources that `amplify/backend.ts` refers to by name: parameters with the ids of network and database, and the
 * permissions boundary of its roles. The branch is not here: `publish` creates it, so that it can also publish to an
 * app that this stack did not create.
 */
export class Backend extends Construct {
  readonly boundary: iam.ManagedPolicy;
  /** The boundary of the roles of previews, if branches may have any. */
  readonly previewBoundary: iam.ManagedPolicy | undefined;

  constructor(scope: Construct, id: string, { settings, network, database, appId }: BackendProps) {
    super(scope, id);
    const { vpc } = network;
    const { subnetIds, availabilityZones } = vpc.selectSubnets(network.privateSubnets);
    const values: Readonly<Record<string, string | undefined>> = {
      'vpc-id': vpc.vpcId,
      'private-subnet-a': subnetIds[0],
      'private-subnet-b': subnetIds[1],
      'availability-zone-a': availabilityZones[0],
      'availability-zone-b': availabilityZones[1],
      'function-security-group': network.functions.securityGroupId,
      'database-host': database.host,
      'database-port': '5432',
      'database-name': database.databaseName,
      'database-resource-id': database.resourceId,
    };
    for (const [name, value] of Object.entries(values)) {
      if (value === undefined) {
        throw new Error(`there are two private subnets, in two zones: ${name}`);
      }
      const parameterName = `/${settings.project}/${settings.environment}/${name}`;
      new ssm.StringParameter(this, name, { parameterName, stringValue: value });
    }
    this.boundary = new iam.ManagedPolicy(this, 'Boundary', {
      managedPolicyName: `${settings.project}-${settings.environment}-boundary`,
      description: `The most that a role of the backend of ${settings.project}, ${settings.environment} may do`,
      statements: boundary(Stack.of(this), settings, appId, database.resourceIds),
    });
    if (settings.previews) {
      this.previewBoundary = new iam.ManagedPolicy(this, 'PreviewBoundary', {
        managedPolicyName: `${settings.project}-${settings.environment}-preview-boundary`,
        description: `The most that a role of a preview next to ${settings.project}, ${settings.environment} may do`,
        statements: previewBoundary(Stack.of(this), settings, database.resourceIds),
      });
    }
  }
}
