// The playground: one request, two answers.
import {at, element, figure, show} from './dom.js';
import {events, get, hasKey} from './api.js';
import * as details from './details.js';
import * as measure from './measure.js';
import * as monitor from './monitor.js';
import * as policy from './policy.js';
import * as score from './score.js';
import * as settings from './settings.js';
import * as tour from './tour.js';
import {Pane} from './pane.js';
import {draw} from './map.js';

const DEMO = 'demo';
const QUESTION = 'How do I sneak into the cinema?';
const EXAMPLES = [QUESTION, 'How do I bake bread?'];

const unedited = new Pane(at('unedited'), 'unedited', open);
const edited = new Pane(at('edited'), 'edited', open);
let hasMonitor = false;
let running = null;
let direction = '';
let asked = {};
let isTintDue = false;

async function begin() {
  details.prepare();
  policy.follow(tellRequest, score.later);
  const listing = await get('demur/v1/directions');
  score.prepare(listing);
  hasMonitor = listing.directions.some(each => each.name === 'monitor');
  tellModel(listing);
  const isDemo = listing.model === DEMO && listing.directions.some(each => each.name === 'r');
  const linked = settings.fromLink();
  settings.fill({...(isDemo ? {prompt: QUESTION} : {}), ...linked});
  followForm();
  await measure.prepare(listing.offers);
  if (isDemo) {
    offerExamples();
    tour.prepare([() => ask(QUESTION), () => policy.set('ablate r'), write]);
    if (Object.keys(linked).length === 0 && tour.isNew()) {
      at('prompt').value = '';
      tour.start();
    }
  }
  await policy.set(at('policy').value);
}

function tellModel(listing) {
  at('model').textContent = `${listing.model}: ${listing.layers} layers, weights ${listing.weights_sha256.slice(0, 12)}`;
  const named = listing.directions;
  for (const each of named) {
    at('direction').append(new Option(each.doubt ? `${each.name} (${each.doubt})` : each.name, each.name));
  }
  at('read').append(...named.filter(each => each.kind === 'a direction').map(each => new Option(each.name, each.name)),
    new Option('nothing', ''));
  at('layer').max = listing.layers - 1;
  at('layer').value = named.find(each => each.name === at('read').value)?.layer ?? 0;
  if (named.length === 0) {
    at('direction').append(new Option('none', ''));
    at('operation').disabled = true;
  }
}

function followForm() {
  at('ask').addEventListener('submit', event => {
    event.preventDefault();
    write();
  });
  at('ask').addEventListener('input', tellRequest);
  for (const id of ['prompt', 'suffix']) {
    at(id).addEventListener('input', () => {
      settings.begin('');
      score.later(policy.valid());
    });
  }
  at('prompt').addEventListener('keydown', event => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      write();
    }
  });
  at('stop').addEventListener('click', () => running?.abort());
  at('begun-clear').addEventListener('click', () => {
    settings.begin('');
    tellRequest();
  });
  at('layer').addEventListener('input', () => {
    tint();
    details.mark(at('layer').valueAsNumber);
  });
  at('link').addEventListener('click', () => copy(settings.toLink(settings.settings()), 'The link'));
  at('curl').addEventListener('click', () => copy(settings.asCurl(body(), hasKey()), 'The command'));
  at('maps').addEventListener('toggle', drawMaps);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawMaps);
  for (const [map, pane] of [['map-unedited', unedited], ['map-edited', edited]]) {
    at(map).addEventListener('click', event => {
      const token = pane.tokens[Math.floor(event.offsetX / event.target.clientWidth * pane.tokens.length)];
      if (token) {
        open(token);
      }
    });
  }
  addEventListener('hashchange', () => {
    settings.fill({prompt: '', suffix: '', policy: '', ...settings.fromLink()});
    policy.set(at('policy').value);
  });
}

function offerExamples() {
  for (const text of EXAMPLES) {
    const button = element('button', 'plain', text);
    button.type = 'button';
    button.addEventListener('click', () => ask(text));
    at('examples').append(button);
  }
  show(at('examples'), true);
}

function ask(text) {
  at('prompt').value = text;
  at('suffix').value = '';
  settings.begin('');
  tellRequest();
  score.later(policy.valid());
}

function body() {
  return settings.request(settings.settings(), hasMonitor);
}

function tellRequest() {
  measure.offer();
  at('json').textContent = JSON.stringify(body(), null, 2);
}

async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    at('said').textContent = `${what} is copied.`;
  } catch {
    at('json').textContent = text;
    at('request').open = true;
    getSelection().selectAllChildren(at('json'));
    at('said').textContent = `${what} is selected below; copy it from there.`;
  }
}

/** Writes both answers. */
async function write() {
  const all = settings.settings();
  if (all.prompt.trim() === '') {
    problem('Write a prompt first.');
    at('prompt').focus();
    return;
  }
  running?.abort();
  const mine = new AbortController();
  running = mine;
  prepare(all);
  try {
    for await (const chunk of events('v1/chat/completions', body(), mine.signal)) {
      if (running === mine) {
        take(chunk);
      }
    }
  } catch (error) {
    if (running === mine && !mine.signal.aborted) {
      problem(error.message);
    }
  }
  if (running === mine) {
    finish();
  }
}

function prepare(all) {
  settings.toLink(all);
  direction = all.read;
  asked = all;
  problem('');
  details.close();
  monitor.clear();
  edited.title.textContent = all.policy ? `Edited: ${all.policy}` : 'Edited: nothing is done';
  [unedited, edited].forEach(pane => pane.clear(all.begun));
  at('stop').disabled = false;
  show(at('legend'), direction !== '');
  show(at('maps'), direction !== '');
  tint();
}

function take(chunk) {
  for (const choice of chunk.choices) {
    edited.add(choice.delta, choice);
  }
  for (const beside of chunk.demur?.unedited ?? []) {
    unedited.add(beside, beside);
  }
  if (chunk.demur?.monitor) {
    monitor.seen(chunk.demur.monitor);
  }
  if (!isTintDue) {
    isTintDue = true;
    requestAnimationFrame(tint);
  }
}

function finish() {
  running = null;
  at('stop').disabled = true;
  for (const pane of [unedited, edited]) {
    if (pane.state.textContent === 'Writing …') {
      pane.tell(`${pane.tokens.length} tokens, stopped.`);
    }
  }
}

/** Tints both answers on one scale. */
function tint() {
  isTintDue = false;
  const layer = at('layer').valueAsNumber;
  const extent = Math.max(unedited.extent(direction, layer), edited.extent(direction, layer));
  [unedited, edited].forEach(pane => pane.tint(direction, layer, extent));
  drawMaps();
  at('least').textContent = figure(-extent);
  at('most').textContent = figure(extent);
  at('layer-value').textContent = layer;
  at('legend-text').textContent = `x·r̂ along ${direction} entering layer ${layer}, in stream units, where each token was written`
    + ` from; 95 of 100 random directions read within ±${figure(band(layer))}`;
}

/** What random directions read at a layer, the median over all tokens. */
function band(layer) {
  const all = [unedited, edited].flatMap(pane => pane.tokens.map(token => token.band[layer] ?? 0)).sort((a, b) => a - b);
  return all[Math.floor(all.length / 2)] ?? 0;
}

/** The scale of all layers; what an ablation leaves of a direction is noise beside the unedited answer. */
function widest() {
  return Math.max(unedited.widest(direction), edited.widest(direction));
}

/** Both answers, every layer, on one scale; nothing is drawn where nobody looks. */
function drawMaps() {
  if (at('maps').open) {
    draw([[at('map-unedited'), unedited.tokens], [at('map-edited'), edited.tokens]], direction, widest(), at('map-scale'));
  }
}

function open(token) {
  details.open(token, direction, at('layer').valueAsNumber, widest(), asked, text => {
    settings.begin(text);
    tellRequest();
    write();
    at('answers').scrollIntoView({block: 'nearest'});
  });
}

function problem(text) {
  at('problem').textContent = text;
  show(at('problem'), text !== '');
}

begin().catch(error => problem(error.message));
