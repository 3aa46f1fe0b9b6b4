import { ArnFormat, aws_iam as iam, aws_rds as rds, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { databaseUser } from './arn.js';
import type { Network } from './network.js';
import type { Settings } from './settings.js';

/**
 * RDS Proxy: many functions share few connections. It also connects with IAM tokens (end-to-end IAM authentication), so
 * the functions' database user needs no password in a secret.
 */
export class Proxy extends Construct {
  readonly host: string;
  /** `prx-…`, which takes the cluster's place in the permission to connect. */
  readonly resourceId: string;

  constructor(scope: Construct, id: string, settings: Settings, network: Network, cluster: rds.DatabaseCluster) {
    super(scope, id);
    const role = new iam.Role(this, 'Role', { assumedBy: new iam.ServicePrincipal('rds.amazonaws.com') });
    role.addToPolicy(
      new iam.PolicyStatement({
        actions: ['rds-db:connect'],
        resources: [databaseUser(Stack.of(this), cluster.clusterResourceIdentifier, settings.database_user)],
      }),
    );
    const proxy = new rds.DatabaseProxy(this, 'Proxy', {
      dbProxyName: `${settings.project}-${settings.environment}`,
      proxyTarget: rds.ProxyTarget.fromCluster(cluster),
      defaultAuthScheme: rds.DefaultAuthScheme.IAM_AUTH,
      requireTLS: true,
      role,
      vpc: network.vpc,
      vpcSubnets: network.privateSubnets,
      securityGroups: [network.addProxy()],
    });
    this.host = proxy.endpoint;
    const { resourceName } = Stack.of(this).splitArn(proxy.dbProxyArn, ArnFormat.COLON_RESOURCE_NAME);
    if (resourceName === undefined) {
      throw new Error('the ARN of a proxy ends in its resource id');
    }
    this.resourceId = resourceName;
  }
}
