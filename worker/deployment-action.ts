/** `npm run deployment -- current <build id> | ramp <build id> <percent> | show`: which version's workers get the work. */
export const DEPLOYMENT_USAGE =
  'Usage: npm run deployment -- current <build id> | ramp <build id> <percent> | show';

export type DeploymentAction =
  | { readonly kind: 'show' }
  | { readonly kind: 'current'; readonly buildId: string }
  | { readonly kind: 'ramp'; readonly buildId: string; readonly percentage: number };

/** Null: that is no action. */
export function deploymentAction([
  kind,
  buildId,
  share,
  ...more
]: readonly string[]): DeploymentAction | null {
  if (more.length > 0) return null;
  const percentage = Number(share);
  if (kind === 'show' && buildId === undefined) return { kind };
  if (kind === 'current' && buildId && share === undefined) return { kind, buildId };
  if (kind === 'ramp' && buildId && percentage >= 0 && percentage <= 100)
    return { kind, buildId, percentage };
  return null;
}
