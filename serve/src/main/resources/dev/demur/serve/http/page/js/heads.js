// The heads that wrote a token, and what putting each of them back into a changed pass does.
import {at, element, figure, percent, show, visible} from './dom.js';
import {post} from './api.js';
import {conversation} from './settings.js';

const HEADS = 6;

let wanted = null;
let waiting = null;

export function prepare() {
  at('heads-ask').addEventListener('click', () => ask(wanted));
}

/**
 * Offers a token's heads.
 * @param asked the settings it was written with
 */
export function offer(token, direction, asked) {
  waiting?.abort();
  wanted = {token, direction, asked};
  at('heads').replaceChildren();
  at('heads-text').textContent = '';
  at('heads-ask').disabled = false;
  show(at('heads-ask'), true);
  // A part of an answer that thinks cannot be told to the server as text.
  show(at('heads-part'), token.canFork === true && token.id !== undefined && direction !== '');
}

async function ask({token, direction, asked}) {
  const policy = token.pane.name === 'edited' ? asked.policy : '';
  const body = {
    ...conversation(asked.prompt + asked.suffix, token.before),
    before: conversation(asked.prompt, token.before),
    direction,
    refusal_tokens: [token.id],
    heads: HEADS,
    ...(policy ? {demur: {policy}} : {}),
  };
  const mine = new AbortController();
  waiting = mine;
  at('heads-ask').disabled = true;
  at('heads-text').textContent = 'Putting heads back, one by one …';
  try {
    const found = await post('demur/v1/restore', body, mine.signal);
    if (!mine.signal.aborted) {
      tell(found, token, policy !== '' || asked.suffix !== '');
    }
  } catch (error) {
    if (!mine.signal.aborted) {
      at('heads-text').textContent = error.message;
      at('heads-ask').disabled = false;
    }
  }
}

function tell(found, token, isChanged) {
  show(at('heads-ask'), false);
  const extent = Math.max(...found.heads.map(head => Math.abs(head.written)));
  at('heads').replaceChildren(...found.heads.map(head => row(head, extent, isChanged)));
  const name = `“${visible(token.text)}”`;
  at('heads-text').textContent = isChanged
    ? `Bars: what a head writes along the direction, unedited, in stream units. There ${name} had ${chance(found.before)}, here`
      + ` ${chance(found.after)}; behind each head, with it put back; with all of these ${chance(found.together)}.`
    : `Bars: what a head writes along the direction, in stream units. ${name} had ${chance(found.before)}. Nothing was changed`
      + ' here; under a policy or a suffix, this says what putting a head back does.';
}

function row(head, extent, isChanged) {
  const bar = element('span', `bar signed ${head.written < 0 ? 'below' : 'above'}`, element('i', ''));
  bar.style.setProperty('--share', extent > 0 ? Math.abs(head.written) / extent : 0);
  return element('li', 'head', element('span', '', `L${head.layer} H${head.head}`), bar,
    element('span', 'value', figure(head.written)), element('span', 'value', isChanged ? chance(head.score) : ''));
}

/** The chance behind a score, which is its log-odds. */
function chance(score) {
  return percent(1 / (1 + Math.exp(-score)));
}
