import { read } from './api.mjs';
import { useCallback, useState } from './html.mjs';
import { useLoaded } from './load.mjs';

/** What a page about one object has: the object and its timeline, the command that was chosen, and how to read both again. */
export function useObject(path) {
  const loaded = useLoaded(() => read(path), [path]);
  const timeline = useLoaded(() => read(`${path}/timeline`), [path]);
  const [command, choose] = useState(null);
  const reload = useCallback(() => {
    loaded.reload();
    timeline.reload();
  }, [loaded.reload, timeline.reload]);
  return { object: loaded.data, loaded, timeline, command, choose, reload };
}
