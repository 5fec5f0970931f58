// The policy line, its verdict, and the dial that writes it.
import {at, debounced, element, figure, show} from './dom.js';
import {post} from './api.js';

/** Doses, in lengths of the stream, from docs/serve.md. */
const CHANGE = 0.7;
const APART = 2;
const END_OF_SCALE = 3;

const RULE = /^\s*(ablate|scale|add)\s+(?:(-?\d+(?:\.\d+)?)\s+)?("(?:[^"\\]|\\.)*"|[^\s;"@]+)([^]*)$/;
const BARE = /^[A-Za-z_][A-Za-z0-9_.-]*$/;

let waiting = null;
let heard = () => {};
let judged = () => {};
let good = '';

/** The line, where the server found it to be a policy. */
export function valid() {
  return good;
}

/** Names a direction as the language has it. */
function quoted(name) {
  return BARE.test(name) ? name : `"${name.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** Begins to follow the line and the dial; `changed` hears of every change, `known` of each line that is a policy. */
export function follow(changed, known) {
  heard = changed;
  judged = line => {
    good = line;
    known(line);
  };
  const later = debounced(250, validate);
  at('policy').addEventListener('input', () => {
    fromLine();
    heard();
    later();
  });
  for (const id of ['operation', 'direction', 'coefficient']) {
    at(id).addEventListener('input', () => {
      toLine();
      heard();
      later();
    });
  }
}

/** Sets the line. */
export function set(line) {
  at('policy').value = line;
  fromLine();
  heard();
  return validate();
}

/** The dial writes the first rule; what follows its name stays. */
function toLine() {
  const rest = RULE.exec(at('policy').value)?.[4] ?? '';
  const operation = at('operation').value;
  const name = quoted(at('direction').value);
  const coefficient = operation === 'ablate' ? '' : `${at('coefficient').valueAsNumber} `;
  at('policy').value = operation === 'nothing' ? '' : `${operation} ${coefficient}${name}${rest}`;
  label();
}

function fromLine() {
  const rule = RULE.exec(at('policy').value);
  at('operation').value = rule ? rule[1] : 'nothing';
  if (rule) {
    const name = [...at('direction').options].find(option => quoted(option.value) === rule[3]);
    at('direction').value = name ? name.value : at('direction').value;
    if (rule[1] !== 'ablate') {
      at('coefficient').value = rule[2] ?? 1;
    }
  }
  label();
}

function label() {
  const operation = at('operation').value;
  const isDialled = operation === 'scale' || operation === 'add';
  at('coefficient').disabled = !isDialled;
  at('coefficient-value').textContent = isDialled ? figure(at('coefficient').valueAsNumber) : '';
}

/** Asks the server what it makes of the line. */
export async function validate() {
  waiting?.abort();
  const line = at('policy').value;
  good = '';
  if (line.trim() === '') {
    judged('');
    say('', 'Nothing is done: both answers are the unedited one.');
    return;
  }
  const mine = new AbortController();
  waiting = mine;
  try {
    const verdict = await post('demur/v1/policies/validate', {policy: line}, mine.signal);
    if (!mine.signal.aborted) {
      tell(verdict, line);
    }
  } catch (error) {
    if (!mine.signal.aborted) {
      say('wrong', error.message);
    }
  }
}

function tell(verdict, line) {
  if (!verdict.valid) {
    say('wrong', ...problem(verdict.problem, line));
    judged('');
    return;
  }
  judged(line);
  const dose = verdict.done.relative_dose;
  if (dose === undefined) {
    say('', `Fits: ${verdict.policy}. Nothing is added, so there is no dose.`);
    return;
  }
  const said = `Dose ${figure(dose)} lengths of the stream`;
  if (dose >= APART) {
    say('strong', `${said}. Too much: from about 2 on, answers fall apart.`);
  } else if (dose >= CHANGE) {
    say('', `${said}. Answers change from about 0.7 on.`);
  } else {
    say('', `${said}. Below about 0.7, answers seldom change.`);
  }
  show(at('dose'), true);
  at('dose').style.setProperty('--share', Math.min(1, dose / END_OF_SCALE));
}

/** The reason, and the line with its place marked. */
function problem({message, position, expected}, line) {
  if (position === undefined) {
    return [message];
  }
  const from = position - 1;
  const found = /^\S+/.exec(line.slice(from))?.[0] ?? '';
  return [`At character ${position}, expected: ${expected}. `,
    element('code', 'code', line.slice(0, from), element('mark', '', found || '…'), line.slice(from + found.length))];
}

function say(kind, ...content) {
  at('verdict').className = `verdict ${kind}`;
  at('verdict').replaceChildren(...content);
  show(at('dose'), false);
}
