/** Settings of environments, and what their templates have. */
import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { expect } from 'vitest';
import type { Place, Settings } from '../src/settings.js';
import { ReleaseStack } from '../src/stack.js';

export const dev: Settings = {
  project: 'site',
  hosting_bucket: 'site-hosting',
  generation: 2,
  hosting: 'amplify',
  environment: 'dev',
  postgres_major: 17,
  branch: 'main',
  here: { environment: 'dev', account: null, region: null },
  promoted_from: null,
  promotes_to: [],
  connection: null,
  repository: null,
  vpc_cidr: '10.1.100.0/24',
  nat: 'gateway',
  minimum_acu: 0,
  maximum_acu: 2,
  proxy: false,
  database_user: 'rooms_api',
  database_access: 'off',
  database_reader: 'readonly',
  previews: false,
  backend_actions: [],
  backup_days: 7,
  rotation_days: 0,
  approval: false,
  expand_contract: false,
  contract_approval: false,
  contract_wait_minutes: 0,
  user_keys: false,
  notify: null,
  encrypt_notifications: false,
  migration_minutes: 30,
  readers: 0,
  monitoring_seconds: 0,
  performance_insights: false,
  versioned_artifacts: false,
  existing_repository: false,
  first_deployment: false,
};
export const prod: Settings = {
  ...dev,
  environment: 'prod',
  connection: 'arn:aws:codeconnections:eu-west-1:111122223333:connection/1234',
  repository: 'team/site',
  nat: 'none',
  minimum_acu: 0.5,
  proxy: true,
  backend_actions: ['ses:SendEmail'],
  rotation_days: 30,
  approval: true,
  expand_contract: true,
  contract_approval: true,
  contract_wait_minutes: 30,
  user_keys: true,
  notify: 'team@example.com',
  encrypt_notifications: true,
  readers: 1,
  monitoring_seconds: 60,
  performance_insights: true,
  versioned_artifacts: true,
};

/** Environments of one account and region: one whose artifacts are released elsewhere, one that releases and passes on. */
const here = (environment: string): Place => ({ environment, account: null, region: null });
export const first: Settings = { ...dev, promotes_to: [here('staging')] };
export const staging: Settings = {
  ...dev,
  environment: 'staging',
  promoted_from: here('dev'),
  promotes_to: [here('prod')],
  approval: true,
};

/** Environments of two accounts and regions. The first has a third one, which is in its own account. */
export const home: Place = { environment: 'dev', account: '111122223333', region: 'eu-west-1' };
export const abroad: Place = { environment: 'prod', account: '444455556666', region: 'ap-southeast-1' };
export const firstOfTwo: Settings = { ...dev, promotes_to: [abroad, { ...home, environment: 'demo' }] };
export const last: Settings = { ...prod, connection: null, repository: null, promoted_from: home };

/** A Gen 2 project whose page is on a bucket and a distribution of its backend. */
export const cloudfront: Settings = { ...dev, hosting: 'cloudfront' };
/** People may read the database, through the endpoints of a network without a NAT gateway. */
export const read: Settings = { ...dev, nat: 'none', database_access: 'read' };
/** People may also change it. */
export const write: Settings = { ...dev, database_access: 'write' };
/** A Gen 1 project. */
export const gen1: Settings = { ...dev, generation: 1 };
const { context } = JSON.parse(readFileSync('cdk.json', 'utf8'));

/** An app with the feature flags of the real one. */
export function app(): App {
  return new App({ context });
}

const templates = new Map<Settings, Template>();

/** The template for these settings, synthesized once: synthesis takes seconds, and no test changes a template. */
export function template(settings: Settings): Template {
  const known = templates.get(settings) ?? Template.fromStack(new ReleaseStack(app(), settings));
  templates.set(settings, known);
  return known;
}

export type Resource = { Type: string; Properties: Record<string, any> };

export function resources(of: Template, type: string): Record<string, Resource> {
  return of.findResources(type) as Record<string, Resource>;
}

type Artifact = { Name: string };
type Action = {
  Name: string;
  RunOrder: number;
  Configuration: Record<string, any>;
  InputArtifacts?: Artifact[];
  OutputArtifacts?: Artifact[];
};

/** The stages of the pipeline, with their actions. */
export function stages(of: Template): { Name: string; Actions: Action[] }[] {
  const [pipeline] = Object.values(resources(of, 'AWS::CodePipeline::Pipeline'));
  return pipeline!.Properties['Stages'];
}

/** Every statement of every role. */
export function statements(settings: Settings): { name: string; actions: string[]; resources: unknown[] }[] {
  return Object.entries(resources(template(settings), 'AWS::IAM::Policy')).flatMap(([name, { Properties }]) =>
    (Properties['PolicyDocument'].Statement as { Action: string | string[]; Resource: unknown }[]).map((statement) => ({
      name,
      actions: [statement.Action].flat(),
      resources: [statement.Resource].flat(),
    })),
  );
}

/** The names of the actions of each stage, in the order in which they run. */
export function order(of: Template): string[][] {
  const names = (actions: Action[]) => [...actions].sort((a, b) => a.RunOrder - b.RunOrder).map(({ Name }) => Name);
  expect(stages(of).every(({ Actions }) => new Set(Actions.map(({ RunOrder }) => RunOrder)).size === Actions.length)).toBe(true);
  return stages(of).map(({ Actions }) => names(Actions));
}

export function action(of: Template, name: string): Action | undefined {
  return stages(of).flatMap(({ Actions }) => Actions).find(({ Name }) => Name === name);
}

/** A text of a template, with the pseudo parameters as `<AWS::Region>`. */
export function text(value: any): string {
  if (typeof value === 'string') {
    return value;
  }
  return value.Ref ? `<${value.Ref}>` : value['Fn::Join'][1].map(text).join(value['Fn::Join'][0]);
}

export function variables(action: { Configuration: Record<string, any> }): Record<string, string> {
  const given: { name: string; value: string }[] = JSON.parse(text(action.Configuration['EnvironmentVariables'] ?? '[]'));
  return Object.fromEntries(given.map(({ name, value }) => [name, value]));
}

/** The pattern of the rule that waits for the events of a service, and what it sends to its target when an event has this value. */
export function started(made: Template, service: string, value: string): { pattern: unknown; path: string | undefined; input: unknown } {
  const rules = Object.values(resources(made, 'AWS::Events::Rule')).map(({ Properties }) => Properties);
  const rule = rules.find(({ EventPattern }) => EventPattern.source[0] === service);
  const { InputPathsMap: paths, InputTemplate: input } = rule!['Targets'][0].InputTransformer;
  const [[name, path], ...more] = Object.entries<string>(paths) as [[string, string]];
  expect(more).toEqual([]);
  // As EventBridge fills it in: a value that is a whole text gets its quotes from there.
  return { pattern: rule!['EventPattern'], path, input: JSON.parse(input.replace(`<${name}>`, JSON.stringify(value))) };
}
