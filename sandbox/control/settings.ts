import type { Adjustable } from '../core/settings.ts';
import { DEFAULT_SETTINGS, settingFault } from '../core/settings.ts';
import { ControlError, type ControlRequest, type Handler } from './handler.ts';
import type { World } from './world.ts';

function current({ settings }: World): Adjustable {
  const names = Object.keys(DEFAULT_SETTINGS) as (keyof Adjustable)[];
  return Object.fromEntries(names.map((name) => [name, settings[name]])) as unknown as Adjustable;
}

/** Changes what is named, for everything that happens from now on, and keeps it over restarts until a reset. */
function adjust(world: World, { body }: ControlRequest): Adjustable {
  for (const [name, value] of Object.entries(body)) {
    const fault = settingFault(name, value);
    if (fault !== undefined) throw new ControlError(fault);
  }
  world.adjust(body as Partial<Adjustable>);
  return current(world);
}

export const settingsControls: Record<string, Handler> = {
  'GET /_sandbox/settings': current,
  'POST /_sandbox/settings': adjust,
};
