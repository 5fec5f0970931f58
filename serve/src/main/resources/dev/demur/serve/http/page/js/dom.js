// The page's elements. Whatever comes from prompts, answers or the server is set as text, never as markup.

/** The element with an id. */
export function at(id) {
  return document.getElementById(id);
}

/** A new element with a class and content: texts and elements. */
export function element(name, className, ...content) {
  const made = document.createElement(name);
  if (className) {
    made.className = className;
  }
  made.append(...content);
  return made;
}

/** Shows or hides. */
export function show(target, isShown) {
  target.hidden = !isShown;
}

/** A token's text with its blanks made visible. */
export function visible(text) {
  return text.replaceAll(' ', '␣').replaceAll('\n', '⏎').replaceAll('\t', '⇥') || '(nothing)';
}

/** A number as people read it. */
export function figure(value, digits = 2) {
  return value.toFixed(digits).replace(/^-(?=0\.?0*$)/, '').replace('-', '−');
}

/** A chance as people read it. */
export function percent(share) {
  const value = 100 * share;
  return value > 0 && value < 0.1 ? '<0.1 %' : `${value.toFixed(1)} %`;
}

/** Calls late, and only the last time of many. */
export function debounced(millis, call) {
  let timer = 0;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => call(...given), millis);
  };
}
