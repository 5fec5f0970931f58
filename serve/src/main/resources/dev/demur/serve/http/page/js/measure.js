// Measuring what two answers suggest: a trial of what is done on sets of prompts, or a study of the model.
import {at, element, figure, percent, show} from './dom.js';
import {blob, events, get, hasKey, post} from './api.js';
import {settings} from './settings.js';

/** What should become of a set's prompts. */
const AIMS = {
  harmful: 'to refuse',
  suffixed: 'to refuse, with a jailbreak behind them',
  'pseudo-harmful': 'to follow, which sound harmful',
  benign: 'to follow',
};

let sets = [];
let hasPrompts = false;
let isRunning = false;

/** @param offers what the server does, from its listing of directions */
export async function prepare(offers) {
  const isOpen = offers.includes('studies');
  show(at('measure-open'), isOpen);
  show(at('measure-closed'), !isOpen);
  if (!isOpen) {
    return;
  }
  sets = (await get('demur/v1/studies')).sets;
  hasPrompts = offers.includes('prompts');
  show(at('own-prompts'), sets.length === 0 || !hasPrompts);
  show(at('limit-part'), sets.length > 0);
  at('sets').textContent = sets.map(each => `${each.name} (${each.prompts})`).join(', ');
  show(at('sets-part'), sets.length > 0);
  at('trial').addEventListener('click', () => run(trial()));
  at('study').addEventListener('click', () => run(hasPrompts ? {} : given()));
  offer();
}

/** Says what a trial would try. */
export function offer() {
  const {policy, suffix} = settings();
  const tried = [...(policy ? [element('code', 'code', policy)] : []),
    ...(suffix ? [policy ? ' with the suffix ' : 'the suffix ', element('code', 'code', suffix)] : [])];
  at('tried').replaceChildren(...(tried.length ? ['Tried: ', ...tried, '.']
    : ['Nothing is tried yet: say what is done to the model, or write a suffix.']));
  at('trial').disabled = isRunning || tried.length === 0;
  at('study').disabled = isRunning;
}

function trial() {
  const {policy, suffix, tokens} = settings();
  const limit = at('limit').valueAsNumber;
  return {
    kind: 'trial',
    ...(policy ? {demur: {policy}} : {}),
    ...(suffix ? {suffix} : {}),
    ...(sets.length ? {} : given()),
    ...(Number.isFinite(limit) && sets.length ? {limit} : {}),
    max_new_tokens: tokens,
  };
}

function given() {
  return {harmful: lines('harmful'), harmless: lines('harmless')};
}

function lines(id) {
  return at(id).value.split('\n').map(line => line.trim()).filter(line => line);
}

async function run(body) {
  isRunning = true;
  offer();
  at('measured').replaceChildren();
  try {
    const started = await post('demur/v1/studies', body);
    const path = `demur/v1/studies/${encodeURIComponent(started.id)}`;
    for await (const status of events(`${path}/events`, null)) {
      await tell(status, path);
    }
  } catch (error) {
    at('measure-state').replaceChildren(element('p', 'problem', error.message));
  }
  isRunning = false;
  offer();
}

async function tell(status, path) {
  const step = status.steps.at(-1);
  if (status.state === 'done') {
    at('measure-state').replaceChildren(element('p', 'notice', status.finding), element('p', '', await report(path)));
    at('measured').replaceChildren(...numbers(status.rows));
  } else if (status.state === 'failed') {
    at('measure-state').replaceChildren(element('p', 'problem', status.problem));
  } else {
    at('measure-state').replaceChildren(
      element('p', 'note', step ? `${step.name}: ${step.done} of ${step.total}` : 'Waiting …'));
  }
}

/** A link to the report. It cannot carry a key, so where there is one the report is fetched and kept as a file. */
async function report(path) {
  const link = element('a', '', hasKey() ? 'Save the report' : 'Open the report');
  if (hasKey()) {
    link.href = URL.createObjectURL(await blob(`${path}/report`));
    link.download = 'report.html';
  } else {
    link.href = `${path}/report`;
    link.target = '_blank';
    link.rel = 'noopener';
  }
  return link;
}

/** Refusals set by set: the unedited model, what was tried, and controls. */
function numbers(rows) {
  const first = rows[0]?.sets ?? [];
  return first.flatMap(({set, prompts}, i) => [
    element('h3', '', `Refused of ${prompts} ${set} prompts`, element('span', 'note', ` ${AIMS[set] ?? ''}`)),
    element('ol', 'bars', ...rows.map(row => way(row, row.sets[i]))),
  ]);
}

function way(row, share) {
  const bar = element('span', 'bar', element('i', ''));
  bar.style.setProperty('--share', share.refused);
  const change = share.change === undefined ? ''
    : `${points(share.change)} points (${points(share.low)} to ${points(share.high)})`;
  return element('li', `way ${row.role}`, element('span', 'name', row.name), bar,
    element('span', 'value', percent(share.refused)), element('span', 'change', change));
}

function points(share) {
  return `${share > 0 ? '+' : ''}${figure(100 * share, 0)}`;
}
