// What the server's monitor saw of the prompt, as lights.
import {at, element, figure, show} from './dom.js';

export function clear() {
  show(at('monitor'), false);
}

export function seen(found) {
  const isHarmful = found.harmfulness > found.threshold;
  at('lights').replaceChildren(
    light(isHarmful, `harmful: ${figure(found.harmfulness)}, threshold ${figure(found.threshold)}`),
    light(found.refusal > 0, `will refuse: ${figure(found.refusal)}, threshold 0.00`),
    light(found.alarms.length > 0, found.alarms.length > 0 ? `alarm: ${found.alarms.join(', ')}` : 'no alarm'));
  at('bound').textContent = found.doubt ?? bound(found);
  show(at('monitor'), true);
}

function bound(found) {
  return found.false_positive_rate === undefined ? ''
    : `At most ${figure(100 * found.false_positive_rate, 1)} % of benign prompts score above the threshold, with`
      + ` ${figure(100 * found.confidence, 0)} % confidence.`;
}

function light(isOn, text) {
  return element('li', isOn ? 'on' : '', element('span', '', `${isOn ? 'On' : 'Off'} – ${text}`));
}
