/** What the CDK runs: one stack, of the environment that the settings describe. */
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { acknowledge } from './acknowledgments.js';
import { settings } from './settings.js';
import { ReleaseStack } from './stack.js';

const app = new App();
const chosen = settings();
const stack = new ReleaseStack(app, chosen);
acknowledge(stack, chosen);
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
app.synth();
