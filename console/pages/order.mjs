import { read } from '../lib/api.mjs';
import { html, useCallback, useState } from '../lib/html.mjs';
import { useLive, useLoaded } from '../lib/load.mjs';
import { useObject } from '../lib/object.mjs';
import { apiPathOf } from '../lib/places-of.mjs';
import { link } from '../lib/router.mjs';
import { Actions } from '../order/actions.mjs';
import { CommandDialog } from '../order/command-dialog.mjs';
import { COMMANDS } from '../order/commands.mjs';
import { OrderFacts } from '../order/facts.mjs';
import { MoneyPicture } from '../order/money-picture.mjs';
import { OrderNeeds } from '../order/needs.mjs';
import { OrderParts } from '../order/parts.mjs';
import { SellerShare } from '../order/seller-share.mjs';
import { TemporalLink } from '../parts/links.mjs';
import { Problem, Status } from '../parts/status.mjs';
import { Timeline } from '../parts/timeline.mjs';

export function OrderPage({ id }) {
  const path = apiPathOf({ object: 'order', id });
  const { object: order, loaded, timeline, command, choose, reload: reloadObject } = useObject(path);
  const transactions = useLoaded(() => read(`${path}/balance_transactions`), [path]);
  const [followed, follow] = useState(null);
  const isFollowed = followed === id;
  const payouts = useLoaded(
    () => (isFollowed ? read(`${path}/payouts`) : Promise.resolve()),
    [path, isFollowed],
  );
  const reload = useCallback(() => {
    reloadObject();
    transactions.reload();
    payouts.reload();
  }, [reloadObject, transactions.reload, payouts.reload]);
  useLive(`?order=${encodeURIComponent(id)}`, reload);
  if (!order)
    return html`<h1>${id}</h1><${Problem} error=${loaded.error} />${loaded.isLoading && html`<p aria-busy="true">Reading …</p>`}`;
  return html`
    <div class="title"><h1>${order.id}</h1> <${Status} value=${order.status} />
      <span class="dim"><a href=${link('/events', { order: order.id })}>Events</a> <${TemporalLink} workflowId=${`order/${order.id}`} /></span></div>
    <${Problem} error=${loaded.error} />
    <${OrderNeeds} order=${order} resolve=${() => choose(COMMANDS.find(({ path: one }) => one === 'resolve'))} />
    <${Actions} commands=${COMMANDS} object=${order} choose=${choose} />
    <div class="columns">
      <section><h2>Money</h2><${MoneyPicture} order=${order} transactions=${transactions} shares=${payouts.data?.data} />
        ${order.amount_captured > 0 && html`<${SellerShare} account=${order.connected_account} payouts=${payouts} isAsked=${isFollowed} ask=${() => follow(id)} />`}
        <h2>Order</h2><${OrderFacts} order=${order} /><${OrderParts} order=${order} choose=${choose} /></section>
      <section><h2>Timeline</h2><${Timeline} loaded=${timeline} /></section>
    </div>
    ${command && html`<${CommandDialog} of=${path} command=${command} object=${order} close=${() => choose(null)} done=${reload} />`}
  `;
}
