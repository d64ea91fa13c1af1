import type { Execution } from './execution.ts';

/** One condition of a list filter, as Waybill writes them: `Name = 'text'`, `Name = false`, `Name IN ('a', 'b')`, `Name IS NOT NULL`. */
const CONDITION = /^(\w+) (?:= (true|false|'[^']*')|IN \(([^)]*)\)|(IS NOT NULL))$/;

const STATUS_NAMES: Readonly<Record<string, string>> = {
  RUNNING: 'Running',
  COMPLETED: 'Completed',
  FAILED: 'Failed',
  CONTINUED_AS_NEW: 'ContinuedAsNew',
};

/** Whether visibility shows a run under a filter. It lags behind what the run is. */
export function filterOf(query: string): (execution: Execution) => boolean {
  const tests = query.split(' AND ').map(testOf);
  return (execution) => execution.visible !== null && tests.every((test) => test(execution));
}

function testOf(condition: string): (execution: Execution) => boolean {
  const [, name, value, values, isNotNull] = CONDITION.exec(condition.trim()) ?? [];
  if (name === undefined) throw new Error(`The simulation knows no such list filter: ${condition}`);
  if (isNotNull) return (execution) => shown(execution, name).length > 0;
  const wanted = new Set((value ?? values ?? '').split(',').map((one) => one.trim().replaceAll("'", '')));
  return (execution) => shown(execution, name).some((one) => wanted.has(String(one)));
}

/** None, one, or several of a list. */
function shown(execution: Execution, name: string): readonly unknown[] {
  if (name === 'WorkflowId') return [execution.workflowId];
  if (name === 'WorkflowType') return [execution.beginning.type];
  if (name === 'ExecutionStatus') return [STATUS_NAMES[execution.visible?.status ?? '']];
  const value = execution.visible?.searchAttributes[name] ?? [];
  return Array.isArray(value) ? value : [value];
}
