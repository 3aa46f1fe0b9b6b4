import {
  aws_iam as iam,
  aws_kms as kms,
  aws_sns as sns,
  aws_sns_subscriptions as subscriptions,
  RemovalPolicy,
  Stack,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Settings } from './settings.js';

/** The services that publish: notifications of failed releases, and alarms. */
const PUBLISHERS = ['cloudwatch.amazonaws.com', 'codestar-notifications.amazonaws.com'];

/** The topic of an environment: failed releases and alarms. It has a subscription if an address is configured. */
export class Topic extends Construct {
  readonly topic: sns.Topic;

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    const { account } = Stack.of(this);
    const conditions = { StringEquals: { 'aws:SourceAccount': account } };
    const principals = PUBLISHERS.map((service) => new iam.ServicePrincipal(service, { conditions }));
    const masterKey = settings.encrypt_notifications ? this.key(principals) : undefined;
    this.topic = new sns.Topic(this, 'Topic', { enforceSSL: true, ...(masterKey ? { masterKey } : {}) });
    const resources = [this.topic.topicArn];
    this.topic.addToResourcePolicy(new iam.PolicyStatement({ principals, actions: ['sns:Publish'], resources }));
    if (settings.notify) {
      this.topic.addSubscription(new subscriptions.EmailSubscription(settings.notify));
    }
  }

  /** These services can't use the key that SNS offers (alias/aws/sns), whose policy can't be changed. */
  private key(principals: iam.ServicePrincipal[]): kms.Key {
    const key = new kms.Key(this, 'Key', {
      description: 'Notifications of releases and alarms',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const actions = ['kms:Decrypt', 'kms:GenerateDataKey*'];
    key.addToResourcePolicy(new iam.PolicyStatement({ principals, actions, resources: ['*'] }));
    return key;
  }
}
