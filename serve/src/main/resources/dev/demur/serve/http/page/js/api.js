// The server. A key, where it wants one, is kept in this module's memory and nowhere else.
import {at} from './dom.js';

let key = '';
let asking = null;

export const hasKey = () => key !== '';

/** What the server said instead of an answer. */
export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** Sends a request; asks the reader for the key where one is wanted. */
async function send(path, options) {
  const used = key;
  const headers = {...options.headers};
  if (used) {
    headers.Authorization = `Bearer ${used}`;
  }
  const response = await fetch(path, {...options, headers});
  if (response.status === 401) {
    if (key === used) {
      await askForKey(used !== '');
    }
    return send(path, options);
  }
  if (!response.ok) {
    throw new Refused(response.status, await reason(response));
  }
  return response;
}

async function reason(response) {
  try {
    return (await response.json()).error.message;
  } catch {
    return `the server answered ${response.status}`;
  }
}

function askForKey(isWrong) {
  asking ??= new Promise(resolve => {
    const dialog = at('key');
    if (isWrong) {
      at('key-text').textContent = 'That was not the key. Try again.';
    }
    at('key-value').value = '';
    dialog.addEventListener('cancel', event => event.preventDefault());
    dialog.addEventListener('close', () => {
      const given = at('key-value').value.trim();
      key = /^[!-~]+$/.test(given) ? given : ''; // a header takes nothing else
      at('key-value').value = '';
      asking = null;
      resolve();
    }, {once: true});
    dialog.showModal();
  });
  return asking;
}

export async function get(path) {
  return (await send(path, {})).json();
}

export async function blob(path) {
  return (await send(path, {})).blob();
}

export async function post(path, body, signal) {
  const options = {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body), signal};
  return (await send(path, options)).json();
}

/** The events of a stream, each as the value of its JSON, until it ends. */
export async function* events(path, body, signal) {
  const options = body === null ? {signal}
    : {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body), signal};
  const reader = (await send(path, options)).body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const {value, done} = await reader.read();
    if (done) {
      return;
    }
    const lines = (text + value).split('\n');
    text = lines.pop();
    for (const line of lines) {
      if (line.startsWith('data: {')) {
        yield JSON.parse(line.slice('data: '.length));
      }
    }
  }
}
