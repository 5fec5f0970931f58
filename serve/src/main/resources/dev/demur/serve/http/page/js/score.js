// How strongly the prompt opens a refusal: without and with its suffix, unedited and edited.
import {at, debounced, figure} from './dom.js';
import {post} from './api.js';

let known = new Set();
let waiting = null;

/** @param listing what policies can name; a direction's study says with which tokens the model refuses */
export function prepare(listing) {
  known = new Set(listing.directions.filter(each => each.refusal_tokens.length > 0).map(each => each.name));
}

/**
 * Scores what the form says, a little later.
 * @param line the policy, if it is one
 */
export const later = debounced(400, line => ask(line));

async function ask(line) {
  waiting?.abort();
  const prompt = at('prompt').value;
  const direction = [at('read').value, ...known].find(name => known.has(name));
  if (prompt.trim() === '' || direction === undefined) {
    at('score').textContent = '';
    return;
  }
  const mine = new AbortController();
  waiting = mine;
  const suffix = at('suffix').value;
  const score = text => post('demur/v1/score', {messages: [{role: 'user', content: text}], direction,
    ...(line ? {demur: {policy: line}} : {})}, mine.signal);
  try {
    const plain = told(await score(prompt));
    const said = suffix === '' ? plain : `${told(await score(prompt + suffix))}; without the suffix ${plain}`;
    if (!mine.signal.aborted) {
      at('score').textContent = `Refusal score in nats, above 0 where the model refuses: ${said}.`;
    }
  } catch (error) {
    if (!mine.signal.aborted) {
      at('score').textContent = error.message;
    }
  }
}

function told({rows}) {
  const [unedited, edited] = rows.map(row => figure(row.score));
  return edited === undefined ? `${unedited} unedited` : `${unedited} unedited, ${edited} edited`;
}
