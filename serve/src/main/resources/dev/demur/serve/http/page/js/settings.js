// What the reader asks for: from the form, as a link, as a request.
import {at, show} from './dom.js';

const ALTERNATIVES = 8;
const NUMBERS = {temperature: [0, 2], seed: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER], tokens: [1, 4096]};
const USUAL = {temperature: 0, seed: 1, tokens: 96};

let begun = '';

/** What both answers begin with; empty where they are written from the start. */
export function begin(text) {
  begun = text;
  at('begun-text').textContent = text;
  show(at('begun'), text !== '');
}

export function settings() {
  const all = {prompt: at('prompt').value, suffix: at('suffix').value, policy: at('policy').value.trim(), read: at('read').value, begun};
  for (const [name, [least, most]] of Object.entries(NUMBERS)) {
    const value = at(name).valueAsNumber;
    all[name] = Number.isFinite(value) ? Math.min(most, Math.max(least, value)) : USUAL[name];
  }
  return all;
}

/** Fills the form. */
export function fill(given) {
  for (const name of ['prompt', 'suffix', 'policy']) {
    if (given[name] !== undefined) {
      at(name).value = given[name];
    }
  }
  for (const name of Object.keys(NUMBERS)) {
    const value = given[name] === undefined || given[name] === '' ? NaN : Number(given[name]);
    at(name).value = Number.isFinite(value) ? value : USUAL[name];
  }
  if (given.read !== undefined && [...at('read').options].some(option => option.value === given.read)) {
    at('read').value = given.read;
  }
  begin(given.begun ?? '');
}

/** The settings of a link; empty where it has none. */
export function fromLink() {
  return Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
}

/** Puts the settings behind the page's address. */
export function toLink(all) {
  const filled = Object.entries(all).filter(([name, value]) => value !== '' || name === 'read');
  history.replaceState(null, '', `#${new URLSearchParams(filled)}`);
  return location.href;
}

/** The request, as the server takes it. */
export function request(all, hasMonitor) {
  const read = [...(all.read ? [all.read] : []), ...(hasMonitor ? ['monitor'] : [])];
  const body = {
    ...conversation(all.prompt + all.suffix, all.begun),
    temperature: all.temperature,
    seed: all.seed,
    max_tokens: all.tokens,
    logprobs: true,
    top_logprobs: ALTERNATIVES,
    stream: true,
    demur: {compare: true},
  };
  if (all.policy) {
    body.demur.policy = all.policy;
  }
  if (read.length) {
    body.demur.read = read;
  }
  return body;
}

/** What was asked, and what the answer begins with. */
export function conversation(prompt, begun) {
  const asked = {role: 'user', content: prompt};
  return begun ? {messages: [asked, {role: 'assistant', content: begun}], continue_final_message: true} : {messages: [asked]};
}

/** The request as a command line. The key is not in it. */
export function asCurl(body, needsKey) {
  const json = JSON.stringify(body).replaceAll('\'', '\'\\\'\'');
  const bearer = needsKey ? ' -H "Authorization: Bearer $DEMUR_SERVE_KEY"' : '';
  return `curl -N '${location.origin}/v1/chat/completions' -H 'Content-Type: application/json'${bearer} -d '${json}'`;
}
