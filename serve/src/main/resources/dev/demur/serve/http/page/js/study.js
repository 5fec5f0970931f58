// Measuring what two answers suggest: a study of the served model.
import {at, element, show} from './dom.js';
import {events, hasKey, post} from './api.js';

/** @param hasPrompts whether the model brings its own prompts */
export function prepare(hasPrompts) {
  show(at('measure'), true);
  show(at('own-prompts'), !hasPrompts);
  at('study').addEventListener('click', () => run(hasPrompts ? {} : {harmful: lines('harmful'), harmless: lines('harmless')}));
}

function lines(id) {
  return at(id).value.split('\n').map(line => line.trim()).filter(line => line);
}

async function run(body) {
  at('study').disabled = true;
  try {
    const started = await post('demur/v1/studies', body);
    const path = `demur/v1/studies/${encodeURIComponent(started.id)}`;
    for await (const status of events(`${path}/events`, null)) {
      tell(status, path);
    }
  } catch (error) {
    at('study-state').replaceChildren(element('p', 'problem', error.message));
  }
  at('study').disabled = false;
}

function tell(status, path) {
  const content = [];
  const step = status.steps?.at(-1);
  if (status.state === 'done') {
    content.push(element('p', 'notice', status.finding));
    // A link cannot carry the key.
    if (!hasKey()) {
      const link = element('a', '', 'Open the report');
      link.href = `${path}/report`;
      link.target = '_blank';
      link.rel = 'noopener';
      content.push(element('p', '', link));
    }
  } else if (status.state === 'failed') {
    content.push(element('p', 'problem', status.problem));
  } else {
    content.push(element('p', 'note', step ? `${step.name}: ${step.done} of ${step.total}` : 'Waiting …'));
  }
  at('study-state').replaceChildren(...content);
}
