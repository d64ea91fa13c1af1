/** Whether a workflow has not ended: one that somebody has paused in Temporal goes on, once it is unpaused. */
export function isOpen({ status }: { readonly status: { readonly name: string } }): boolean {
  return status.name === 'RUNNING' || status.name === 'PAUSED';
}
