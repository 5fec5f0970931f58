// One of the two answers: its tokens, tinted by how far the stream lies along a direction.
import {element, figure} from './dom.js';

const ENDS = {stop: 'ended', length: 'cut at the length limit', content_filter: 'refused by the server\'s guard'};

export class Pane {
  /** @param opened hears which token's details are wanted */
  constructor(root, name, opened) {
    this.name = name;
    this.title = root.querySelector('h2');
    this.state = root.querySelector('.state');
    this.body = root.querySelector('.tokens');
    this.opened = opened;
    this.tokens = [];
    this.tinted = {scale: '', tokens: 0};
    this.body.addEventListener('click', event => this.open(event.target));
    this.body.addEventListener('keydown', event => this.key(event));
  }

  /** Begins anew. */
  clear(begun) {
    this.tokens = [];
    this.said = begun;
    this.untold = [];
    this.hasThought = false;
    this.tinted = {scale: '', tokens: 0};
    this.body.replaceChildren(...(begun ? [element('span', 'begun', begun)] : []));
    this.tell('Writing …');
  }

  tell(text) {
    this.state.textContent = text;
  }

  /** What more was written: a choice of the answer, or one of the unedited beside it. */
  add(said, more) {
    const thought = said.reasoning_content ?? '';
    const text = thought + (said.content ?? '');
    const likely = more.logprobs?.content ?? [];
    const read = more.demur?.tokens ?? [];
    for (let i = 0; i < Math.max(likely.length, read.length); i++) {
      this.untold.push({
        text: read[i]?.text ?? likely[i]?.token ?? '',
        id: read[i]?.id,
        projections: read[i]?.projections ?? {},
        band: read[i]?.null_band ?? [],
        likelihood: likely[i],
      });
    }
    if (text) {
      this.write(text, thought !== '');
    }
    if (more.finish_reason) {
      this.tell(`${this.tokens.length} tokens, ${ENDS[more.finish_reason] ?? more.finish_reason}.`);
    }
  }

  /** Text that several tokens make together stands as one; its details are those of its first. */
  write(text, isThought) {
    const parts = this.untold.map(token => token.text);
    const texts = parts.join('') === text ? parts : [text];
    texts.forEach((part, i) => {
      const token = this.untold[i];
      if (!token) {
        this.body.append(element('span', isThought ? 'thought' : '', part));
      } else if (part) {
        this.put({...token, text: part, before: this.said, isThought, canFork: !isThought && !this.hasThought});
      }
      this.said += part;
    });
    this.hasThought ||= isThought;
    this.untold = [];
  }

  put(token) {
    const span = element('span', token.isThought ? 'thought' : '', token.text);
    span.setAttribute('role', 'button');
    span.setAttribute('aria-pressed', 'false');
    span.tabIndex = this.tokens.length === 0 ? 0 : -1;
    this.tokens.push({...token, span, index: this.tokens.length, pane: this});
    this.body.append(span);
  }

  /** The largest |x·r̂| at a layer, in stream units. */
  extent(direction, layer) {
    return this.tokens.reduce((most, token) => Math.max(most, Math.abs(token.projections[direction]?.[layer] ?? 0)), 0);
  }

  /** The largest |x·r̂| at any layer. */
  widest(direction) {
    return this.tokens.reduce((most, token) =>
      (token.projections[direction] ?? []).reduce((least, value) => Math.max(least, Math.abs(value)), most), 0);
  }

  /** Tints what is not yet tinted on this scale. */
  tint(direction, layer, extent) {
    const scale = `${direction} ${layer} ${extent}`;
    const from = this.tinted.scale === scale ? this.tinted.tokens : 0;
    this.tinted = {scale, tokens: this.tokens.length};
    for (const token of this.tokens.slice(from)) {
      const value = token.projections[direction]?.[layer];
      const isRead = value !== undefined;
      token.span.classList.toggle('above', isRead && value > 0);
      token.span.classList.toggle('below', isRead && value < 0);
      token.span.style.setProperty('--share', isRead && extent > 0 ? Math.abs(value) / extent : 0);
      token.span.title = isRead ? `${figure(value)} stream units along ${direction} entering layer ${layer}` : '';
    }
  }

  open(target) {
    const token = this.tokens.find(each => each.span === target);
    if (token) {
      this.focus(token);
      this.opened(token);
    }
  }

  focus(token) {
    this.tokens.forEach(each => {
      each.span.tabIndex = each === token ? 0 : -1;
    });
    token.span.focus();
  }

  press(token) {
    this.tokens.forEach(each => each.span.setAttribute('aria-pressed', String(each === token)));
  }

  key(event) {
    const current = this.tokens.findIndex(token => token.span === event.target);
    const next = {ArrowRight: current + 1, ArrowDown: current + 1, ArrowLeft: current - 1, ArrowUp: current - 1,
      Home: 0, End: this.tokens.length - 1}[event.key];
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      this.open(event.target);
    } else if (this.tokens[next]) {
      event.preventDefault();
      this.focus(this.tokens[next]);
    }
  }
}
