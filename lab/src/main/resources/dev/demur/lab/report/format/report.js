// Draws the charts of this page. A chart is a JSON value in the page; all that happens here is
// looking its colours up in the style sheet and handing it to ECharts.
'use strict';
(() => {
  const root = document.documentElement;
  const colour = /^var\((--[a-z0-9-]+)\)$/;
  const drawn = [];

  const look = (style, name) => style.getPropertyValue(name).trim();

  const resolve = (style, value) => {
    if (typeof value === 'string') {
      const name = colour.exec(value);
      return name ? look(style, name[1]) : value;
    }
    if (Array.isArray(value)) {
      return value.map((item) => resolve(style, item));
    }
    if (value && typeof value === 'object') {
      return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, resolve(style, v)]));
    }
    return value;
  };

  const theme = (style) => {
    const ink = look(style, '--ink');
    const quiet = look(style, '--quiet');
    const rule = look(style, '--rule');
    // Named on every label: without, ECharts measures labels in another font than it draws.
    const font = { fontFamily: style.fontFamily };
    const axis = {
      axisLine: { onZero: false, lineStyle: { color: look(style, '--rule-strong') } },
      axisTick: { lineStyle: { color: look(style, '--rule-strong') } },
      axisLabel: { ...font, color: quiet },
      nameTextStyle: { ...font, color: quiet },
      splitLine: { lineStyle: { color: rule } },
    };
    return {
      backgroundColor: 'transparent',
      textStyle: { ...font, color: ink },
      legend: { textStyle: { ...font, color: ink }, itemWidth: 18, itemHeight: 9, itemGap: 16 },
      visualMap: { textStyle: { ...font, color: quiet } },
      tooltip: {
        backgroundColor: look(style, '--raised'),
        borderColor: look(style, '--rule-strong'),
        textStyle: { color: ink, fontSize: 13 },
      },
      categoryAxis: { ...axis, splitLine: { show: false, lineStyle: { color: rule } } },
      valueAxis: axis,
      logAxis: axis,
    };
  };

  // Lets the drawing shrink with its box where no script runs, as on paper.
  const fit = (chart) => {
    const svg = chart.getDom().querySelector('svg');
    if (svg) {
      svg.setAttribute('viewBox', `0 0 ${chart.getWidth()} ${chart.getHeight()}`);
    }
  };

  const draw = (box) => {
    const style = getComputedStyle(document.body);
    const option = JSON.parse(document.getElementById(box.dataset.chart).textContent);
    box.style.height = `${box.dataset.height}px`;
    box.style.minWidth = `${box.dataset.leastWidth}px`;
    const chart = echarts.init(box, theme(style), { renderer: 'svg' });
    chart.setOption(resolve(style, option));
    // A point may stand for a section of this page.
    chart.on('click', ({ data }) => {
      if (data?.anchor) {
        location.hash = data.anchor;
      }
    });
    fit(chart);
    return chart;
  };

  const save = (name, type, text) => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
  };

  const asSvg = (chart) => {
    const svg = chart.getDom().querySelector('svg').cloneNode(true);
    svg.style.background = look(getComputedStyle(document.body), '--paper');
    return new XMLSerializer().serializeToString(svg);
  };

  // A cell that a spreadsheet would run as a formula stays text.
  const cell = (value) => {
    const text = String(value ?? '').replaceAll('\n', '; ');
    const shown = typeof value !== 'number' && /^[=+\-@\t\r＝＋－＠]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
  };

  // A row for each point; what has two ends, such as an interval, has two rows.
  const asCsv = (chart) => {
    const option = chart.getOption();
    const named = (axis, at) => axis?.data?.[at]?.value ?? axis?.data?.[at] ?? at;
    const rows = [['series', 'point', 'x', 'y', 'value']];
    // Bands and outlines are silent: they repeat what a point says.
    for (const series of option.series.filter((one) => !one.silent)) {
      const x = option.xAxis?.[series.xAxisIndex ?? 0];
      const y = option.yAxis?.[series.yAxisIndex ?? 0];
      series.data.forEach((point, i) => {
        const at = point.coords ?? [point.value ?? point];
        for (const value of at) {
          const one = Array.isArray(value) ? value : x?.data ? [i, value] : [value, i];
          rows.push([series.name, point.name, named(x, one[0]), named(y, one[1]), one[2]]);
        }
      });
    }
    return rows.map((row) => row.map(cell).join(',') + '\n').join('');
  };

  // Buttons are made here, because without scripts there is nothing to save.
  const offer = (box) => {
    const name = box.dataset.chart.replace(/^chart-/, '');
    const kinds = {
      SVG: ['image/svg+xml', 'svg', asSvg],
      CSV: ['text/csv', 'csv', asCsv],
    };
    const line = document.createElement('p');
    line.className = 'save';
    for (const [label, [type, ending, write]] of Object.entries(kinds)) {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = label;
      button.setAttribute('aria-label', `Save as ${label}: ${box.getAttribute('aria-label').split('. ')[0]}`);
      button.addEventListener('click', () =>
        save(`${name}.${ending}`, type, write(echarts.getInstanceByDom(box))));
      line.append(button);
    }
    box.closest('figure').append(line);
  };

  // Says that a table or drawing goes on, until the reader has come to its end.
  const hint = (box) => {
    const left = box.scrollWidth - box.clientWidth - box.scrollLeft;
    box.toggleAttribute('data-more', left > 1);
  };

  const drawAll = () => {
    drawn.splice(0).forEach((chart) => chart.dispose());
    document.querySelectorAll('[data-chart]').forEach((box) => drawn.push(draw(box)));
    root.dataset.drawn = String(drawn.length);
  };

  const sizes = new ResizeObserver(() => {
    drawn.forEach((chart) => {
      const box = chart.getDom();
      if (chart.getWidth() !== box.clientWidth && box.clientWidth > 0 && !root.dataset.print) {
        chart.resize();
        fit(chart);
      }
    });
  });

  drawAll();
  document.querySelectorAll('[data-chart]').forEach((box) => {
    sizes.observe(box);
    offer(box);
  });
  const ends = new ResizeObserver((boxes) => boxes.forEach((entry) => hint(entry.target)));
  document.querySelectorAll('.scroll').forEach((box) => {
    ends.observe(box);
    box.addEventListener('scroll', () => hint(box), { passive: true });
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
  // Paper is white: draw in the light colours, whatever the screen prefers.
  addEventListener('beforeprint', () => {
    root.dataset.print = 'yes';
    drawAll();
  });
  addEventListener('afterprint', () => {
    delete root.dataset.print;
    drawAll();
  });
})();
