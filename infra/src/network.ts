import { aws_ec2 as ec2, aws_logs as logs, RemovalPolicy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Settings } from './settings.js';

/** A VPC with two public and two private subnets in two zones, and who in it may talk to whom. */
export class Network extends Construct {
  readonly vpc: ec2.Vpc;
  /** The build that migrates. */
  readonly build: ec2.SecurityGroup;
  readonly database: ec2.SecurityGroup;

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    this.vpc = new ec2.Vpc(this, 'Vpc', {
      ipAddresses: ec2.IpAddresses.cidr(settings.vpc_cidr),
      maxAzs: 2,
      // Nothing is in the default group, and closing it would take a Lambda function.
      restrictDefaultSecurityGroup: false,
      natGateways: 1,
      subnetConfiguration: [
        { name: 'public', subnetType: ec2.SubnetType.PUBLIC, cidrMask: 26, mapPublicIpOnLaunch: false },
        { name: 'private', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 26 },
      ],
      // Without costs, and the caches and artifacts of the build go through it instead of the NAT gateway.
      gatewayEndpoints: { S3: { service: ec2.GatewayVpcEndpointAwsService.S3 } },
      flowLogs: {
        rejected: {
          trafficType: ec2.FlowLogTrafficType.REJECT,
          destination: ec2.FlowLogDestination.toCloudWatchLogs(
            new logs.LogGroup(this, 'FlowLogs', {
              retention: logs.RetentionDays.ONE_MONTH,
              removalPolicy: RemovalPolicy.DESTROY,
            }),
          ),
        },
      },
    });
    this.build = new ec2.SecurityGroup(this, 'Build', {
      vpc: this.vpc,
      description: 'The build that migrates the database',
      allowAllOutbound: false,
    });
    this.database = new ec2.SecurityGroup(this, 'Database', {
      vpc: this.vpc,
      description: 'The database: the build that migrates it, and nobody else',
      allowAllOutbound: false,
    });
    this.build.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'AWS, crates.io, git');
    this.build.connections.allowTo(this.database, ec2.Port.POSTGRES, 'migrations');
  }
}
