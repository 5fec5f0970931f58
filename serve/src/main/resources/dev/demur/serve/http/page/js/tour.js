// Three clicks on the demo model, to see its refusal vanish.
import {at, show} from './dom.js';

const SEEN = 'demur-tour';

const STEPS = [
  ['prompt-part', 'Ask this question',
    'This small model was trained to refuse harmful questions. One click asks it how to sneak into the cinema.'],
  ['policy-part', 'Remove the direction',
    'Its refusal runs along one direction of its stream, called r. The second click removes r from every layer.'],
  ['write', 'Write both answers',
    'The third click has both answers written from one request: the unedited model\'s and the edited one\'s.'],
];
const LAST = 'The unedited model refuses. The same weights without r answer. The tint says how far the '
  + 'stream lies along r where each token was written. Click on a token for its layers and its alternatives.';

let step = 0;
let deeds = [];

/** @param does what each click does */
export function prepare(does) {
  deeds = does;
  at('tour-next').addEventListener('click', next);
  at('tour-end').addEventListener('click', end);
  at('tour-again').addEventListener('click', start);
  show(at('tour-again'), true);
}

export function isNew() {
  try {
    return localStorage.getItem(SEEN) === null;
  } catch {
    return true;
  }
}

export function start() {
  step = 0;
  document.querySelector('main').before(at('tour'));
  show(at('tour'), true);
  tell();
}

function tell() {
  point(STEPS[step][0]);
  at('tour-step').textContent = `Step ${step + 1} of ${STEPS.length}`;
  at('tour-next').textContent = STEPS[step][1];
  at('tour-text').textContent = STEPS[step][2];
  at('tour-end').textContent = 'Leave the tour';
  show(at('tour-next'), true);
}

function next() {
  deeds[step]();
  step++;
  if (step < STEPS.length) {
    tell();
    return;
  }
  point('answers');
  at('tour-step').textContent = 'Done';
  at('tour-text').textContent = LAST;
  at('tour-end').textContent = 'Close';
  show(at('tour-next'), false);
  at('answers').before(at('tour')); // on a phone they are far below
  at('tour').scrollIntoView({block: 'start'});
  at('tour-end').focus({preventScroll: true});
  remember();
}

function end() {
  show(at('tour'), false);
  point('');
  remember();
}

function point(id) {
  document.querySelectorAll('.pointed').forEach(each => each.classList.remove('pointed'));
  at(id)?.classList.add('pointed');
}

/** That the tour was seen, and nothing else, outlives the page. */
function remember() {
  try {
    localStorage.setItem(SEEN, 'seen');
  } catch {
    // A browser that keeps nothing shows the tour again.
  }
}
