import { deliveriesTaskQueue } from '../../contract/outgoing-events.ts';
import { SEARCH_ATTRIBUTES } from '../../contract/search-attributes.ts';
import { areGivenWork, seenLately } from '../../temporal/pollers.ts';
import { missingIn, mistypedIn } from '../../temporal/search-attributes.ts';
import { msOf } from '../../temporal/timestamp.ts';
import { hasOtherKey } from '../../temporal/worker-identity.ts';
import type { Backend } from '../backend/backend.ts';
import { within } from '../backend/wait.ts';
import type { Checks } from './checks.ts';

const WITHIN_MS = 5_000;
const DAY_MS = 86_400_000;
/** Of a task queue. */
const WORKFLOWS = 1;
const ACTIVITIES = 2;

export function temporalChecks({
  temporal,
  taskQueue,
  events,
}: Pick<Backend, 'temporal' | 'taskQueue' | 'events'>): Checks {
  const { connection, workflowService, options } = temporal;
  const { namespace } = options;
  const polled = async (name: string, taskQueueType: number) => {
    const request = { namespace, taskQueue: { name }, taskQueueType };
    const { pollers, versioningInfo } = await within(temporal, WITHIN_MS, () =>
      workflowService.describeTaskQueue(request),
    );
    return { pollers: seenLately(pollers), versioningInfo };
  };
  return {
    Namespace: async () => {
      const described = await within(temporal, WITHIN_MS, () =>
        workflowService.describeNamespace({ namespace }),
      );
      const days = msOf(described.config?.workflowExecutionRetentionTtl) / DAY_MS;
      return ['ok', `${namespace} keeps what has ended for ${days} days`];
    },
    'Search attributes': async () => {
      const { customAttributes } = await within(temporal, WITHIN_MS, () =>
        connection.operatorService.listSearchAttributes({ namespace }),
      );
      const missing = missingIn(customAttributes, SEARCH_ATTRIBUTES);
      const wrong = [
        ...(missing.length > 0 ? [`missing: ${missing.join(', ')}`] : []),
        ...mistypedIn(customAttributes, SEARCH_ATTRIBUTES),
      ];
      return wrong.length === 0
        ? ['ok', `all ${Object.keys(SEARCH_ATTRIBUTES).length} are there`]
        : ['wrong', wrong.join('; ')];
    },
    'Worker versions': async () => {
      const { pollers, versioningInfo } = await polled(taskQueue, WORKFLOWS);
      const versions = new Set(pollers.map(({ deploymentOptions }) => deploymentOptions?.buildId || 'none'));
      const named = `${pollers.length} workers, versions: ${[...versions].sort().join(', ')}`;
      if (pollers.length === 0) return ['wrong', 'no worker polls'];
      if (!areGivenWork(pollers, versioningInfo)) {
        const current = versioningInfo?.currentDeploymentVersion?.buildId ?? 'none';
        return ['wrong', `${named}; none of them gets work, which goes to the version ${current}`];
      }
      return [versions.size === 1 ? 'ok' : 'warning', named];
    },
    'Events key': async () => {
      const { signingKey } = events;
      const { pollers } = await polled(deliveriesTaskQueue(taskQueue), ACTIVITIES);
      const others = pollers.filter(({ identity }) => hasOtherKey(identity ?? '', signingKey));
      if (others.length > 0) {
        const who = others.map(({ identity }) => identity).join(', ');
        return ['wrong', `WAYBILL_EVENTS_KEY is another one in ${who}`];
      }
      if (signingKey === null)
        return ['warning', 'WAYBILL_EVENTS_KEY is not set: nobody can subscribe to events'];
      return ['ok', `the same in this process and in ${pollers.length} workers`];
    },
  };
}
