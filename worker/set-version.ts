import { Client, Connection } from '@temporalio/client';
import { ConfigError } from '../config/secrets.ts';
import { loadWorkerConfig, orExit } from '../config.ts';
import { routingOf, setCurrentVersion, setRampingVersion } from './deployment.ts';

/** `npm run deployment -- current <build id> | ramp <build id> <percent> | show`: which version's workers get the work. */
const USAGE = 'Usage: npm run deployment -- current <build id> | ramp <build id> <percent> | show';

const { temporal, deploymentName, action } = orExit(() => {
  const { temporal, worker } = loadWorkerConfig();
  const name = worker.deploymentName;
  if (name === null) throw new ConfigError('TEMPORAL_DEPLOYMENT_NAME', 'must be set, as for the workers');
  return { temporal, deploymentName: name, action: actionOf(process.argv.slice(2)) };
});

type Action =
  | { readonly kind: 'show' }
  | { readonly kind: 'current'; readonly buildId: string }
  | { readonly kind: 'ramp'; readonly buildId: string; readonly percentage: number };

function actionOf([kind, buildId, share, ...more]: readonly string[]): Action {
  const percentage = Number(share);
  if (more.length === 0) {
    if (kind === 'show' && buildId === undefined) return { kind };
    if (kind === 'current' && buildId && share === undefined) return { kind, buildId };
    if (kind === 'ramp' && buildId && percentage >= 0 && percentage <= 100)
      return { kind, buildId, percentage };
  }
  process.stderr.write(`${USAGE}\n`);
  process.exit(1);
}

const connection = await Connection.connect(temporal.connection);
const client = new Client({ connection, namespace: temporal.namespace });
if (action.kind === 'current') {
  await setCurrentVersion(client, { deploymentName, buildId: action.buildId });
} else if (action.kind === 'ramp') {
  await setRampingVersion(client, { deploymentName, buildId: action.buildId }, action.percentage);
}
process.stdout.write(`${JSON.stringify(await routingOf(client, deploymentName))}\n`);
await connection.close();
