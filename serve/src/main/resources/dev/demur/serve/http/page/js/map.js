// Answers as maps: a column for each token, a row for each layer, the last one on top.
import {figure} from './dom.js';

/**
 * Draws maps on one scale.
 * @param maps pairs of a canvas and the tokens it shows
 * @param extent the value of full colour
 * @param legend says what the colours mean
 */
export function draw(maps, direction, extent, legend) {
  const columns = maps.map(([, tokens]) => tokens.map(token => token.projections[direction] ?? []));
  maps.forEach(([canvas], i) => paint(canvas, columns[i], extent));
  legend.textContent = `Left to right: tokens. Bottom to top: layers. Full colour is ±${figure(extent)} stream units along ${direction}.`;
}

function paint(canvas, columns, extent) {
  const layers = columns[0]?.length ?? 0;
  canvas.width = Math.max(1, columns.length);
  canvas.height = Math.max(1, layers);
  canvas.setAttribute('aria-label', `Projections of ${columns.length} tokens at ${layers} layers; tokens tell them as numbers.`);
  const style = getComputedStyle(canvas);
  const colours = [style.getPropertyValue('--harmless'), style.getPropertyValue('--harmful')];
  const context = canvas.getContext('2d');
  columns.forEach((values, x) => values.forEach((value, layer) => {
    context.fillStyle = colours[value > 0 ? 1 : 0];
    context.globalAlpha = extent > 0 ? Math.abs(value) / extent : 0;
    context.fillRect(x, layers - 1 - layer, 1, 1);
  }));
}
