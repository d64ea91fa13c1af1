import { html } from '../lib/html.mjs';
import { useObject } from '../lib/object.mjs';
import { apiPathOf } from '../lib/places-of.mjs';
import { link } from '../lib/router.mjs';
import { TemporalLink } from '../parts/links.mjs';
import { Problem, Status } from '../parts/status.mjs';
import { Timeline } from '../parts/timeline.mjs';
import { Actions } from './actions.mjs';
import { CommandDialog } from './command-dialog.mjs';
import { OrderNeeds, withNotices } from './needs.mjs';

/**
 * The page of a transfer or a payout. `of`: what it is, by its ids; `commands`: what can be done with it; `factsOf`: rows of a name and
 * a content.
 */
export function MovementPage({ of, title, commands, factsOf }) {
  const path = apiPathOf(of);
  const { object: read, loaded, timeline, command, choose, reload } = useObject(path);
  if (!read) return html`<h1>${of.id}</h1><${Problem} error=${loaded.error} />`;
  const object = withNotices(read);
  const resolve = commands.find(({ path: one }) => one === 'resolve');
  return html`
    <div class="title"><h1>${of.id}</h1> <${Status} value=${object.status} />
      <span class="dim"><a href=${link('/events', { [of.object]: object.id })}>Events</a>${!object.automatic && html` <${TemporalLink} workflowId=${`${of.object}/${object.id}`} />`}</span></div>
    <${Problem} error=${loaded.error} />
    <${OrderNeeds} order=${object} resolve=${() => choose(resolve)} />
    <${Actions} commands=${commands} object=${object} choose=${choose} />
    <div class="columns">
      <section><h2>${title}</h2><dl class="facts">
        ${factsOf(object).map(([name, content]) => html`<div><dt>${name}</dt><dd>${content}</dd></div>`)}
      </dl></section>
      <section><h2>Timeline</h2><${Timeline} loaded=${timeline} /></section>
    </div>
    ${command && html`<${CommandDialog} of=${path} command=${command} object=${object} close=${() => choose(null)} done=${reload} />`}
  `;
}
