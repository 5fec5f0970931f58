// What is known of one token: where the stream lay when it was written, and what else could have been.
import {at, element, figure, percent, show, visible} from './dom.js';
import * as heads from './heads.js';

let current = null;

export function prepare() {
  heads.prepare();
  at('details-close').addEventListener('click', () => {
    current?.span.focus();
    close();
  });
}

export function close() {
  current?.pane.press(null);
  current = null;
  show(at('details'), false);
}

/**
 * Shows a token.
 * @param layer the one that tints
 * @param extent projection of a full bar, the same for both answers
 * @param asked the settings it was written with
 * @param fork writes on from a text
 */
export function open(token, direction, layer, extent, asked, fork) {
  current?.pane.press(null);
  current = token;
  token.pane.press(token);
  at('details-title').textContent = `Token ${token.index + 1} of the ${token.pane.name} answer: “${visible(token.text)}”`;
  at('details-text').textContent = token.likelihood
    ? `Its probability was ${percent(Math.exp(token.likelihood.logprob))}.` : '';
  at('by-layer').replaceChildren(...layers(token, layer, extent, direction));
  show(at('band'), token.band.length > 0);
  heads.offer(token, direction, asked);
  at('alternatives').replaceChildren(...(token.likelihood?.top_logprobs ?? []).map(each => alternative(each, token, fork)));
  const isHidden = at('details').hidden;
  show(at('details'), true);
  if (isHidden) {
    at('details').scrollIntoView({block: 'nearest'});
  }
}

/** The layer that tints has changed. */
export function mark(layer) {
  [...at('by-layer').children].forEach((row, i) => row.classList.toggle('here', i === layer));
}

function layers(token, layer, extent, direction) {
  const values = token.projections[direction] ?? [];
  if (values.length === 0) {
    return [element('p', 'note', 'Nothing was read along.')];
  }
  return values.map((value, i) => {
    const bar = element('span', `bar signed ${value < 0 ? 'below' : 'above'}`, element('i', ''));
    bar.style.setProperty('--share', extent > 0 ? Math.abs(value) / extent : 0);
    const band = token.band[i] ?? 0;
    bar.style.setProperty('--band', extent > 0 ? Math.min(1, band / extent) : 0);
    const row = element('div', i === layer ? 'here' : '', element('span', '', `layer ${i}`), bar,
      element('span', 'value', figure(value)));
    row.title = `${figure(value)} stream units along ${direction} entering layer ${i}; 95 of 100 random directions read within ±${figure(band)}`;
    return row;
  });
}

function alternative(each, token, fork) {
  const bar = element('span', 'bar', element('i', ''));
  bar.style.setProperty('--share', Math.exp(each.logprob));
  const row = element('li', 'alternative', element('code', 'code', visible(each.token)), bar,
    element('span', 'value', percent(Math.exp(each.logprob))));
  // A part of a character, or an answer with thoughts before it, cannot be told to the server as text.
  if (each.token && !each.token.includes('\uFFFD') && token.canFork) {
    const button = element('button', 'plain', 'Fork');
    button.type = 'button';
    button.setAttribute('aria-label', `Fork from here with “${visible(each.token)}”`);
    button.addEventListener('click', () => fork(token.before + each.token));
    row.append(button);
  }
  return row;
}
