import { AsyncLocalStorage } from 'node:async_hooks';
import { afterAll } from 'vitest';

type Storage = AsyncLocalStorage<unknown>;
const shared = globalThis as { contextStorages?: Set<Storage> };

/**
 * Vitest's set-up of each test file. A storage that was entered is copied to each promise and timer of the process from then on (before
 * Node 24), and each connection to Temporal has one. After a hundred files this was a tenth of a process's work: a file leaves none.
 */
shared.contextStorages ??= entered();
const { contextStorages } = shared;
afterAll(() => {
  for (const storage of contextStorages) storage.disable();
  contextStorages.clear();
});

/** Filled with each storage that is entered. A disabled one can be entered anew. */
function entered(): Set<Storage> {
  const storages = new Set<Storage>();
  const { run, enterWith } = AsyncLocalStorage.prototype;
  AsyncLocalStorage.prototype.run = function (this: Storage, ...args: Parameters<typeof run>) {
    storages.add(this);
    return run.apply(this, args);
  } as typeof run;
  AsyncLocalStorage.prototype.enterWith = function (this: Storage, store) {
    storages.add(this);
    enterWith.call(this, store);
  };
  return storages;
}
