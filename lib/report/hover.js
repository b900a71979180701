// The one script of a report: the values under the pointer, or under the arrow keys, in charts of
// lines. Without it the report is whole.
'use strict';

(() => {
  const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, FLOOR] = [360, 232, 50, 348, 18, 196];
  const SVG = 'http://www.w3.org/2000/svg';

  const make = (name, attributes, parent) => {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return parent.appendChild(element);
  };

  const written = (value, share) =>
    share ? `${Number((value * 100).toPrecision(4))} %` : String(value);

  function listen(plot) {
    const { x, name, series, place, log, share } = JSON.parse(plot.dataset.hover);
    const [low, high, first, last] = place;
    const by = log ? Math.log10 : (value) => value;
    const across = (value) => LEFT + ((value - first) / (last - first)) * (RIGHT - LEFT);
    const down = (value) => FLOOR + ((by(value) - by(low)) / (by(high) - by(low))) * (TOP - FLOOR);
    const svg = plot.querySelector('svg');
    const group = make('g', { class: 'hover', 'aria-hidden': 'true' }, svg);
    const rule = make('path', { class: 'rule' }, group);
    const dots = series.map(({ style }) =>
      make('circle', { class: `dot ${style}`, r: 3.5 }, group),
    );
    const tip = plot.appendChild(document.createElement('div'));
    tip.className = 'tip';
    tip.setAttribute('role', 'status');
    let shown = -1;

    function show(index) {
      shown = index;
      group.style.display = 'block';
      const at = across(x[index]);
      rule.setAttribute('d', `M${at} ${TOP}V${FLOOR}`);
      tip.replaceChildren();
      const head = tip.appendChild(document.createElement('b'));
      head.textContent = `${name} ${x[index]}`;
      series.forEach(({ name: label, style, values }, i) => {
        const value = values[index];
        dots[i].style.display = value === null ? 'none' : 'block';
        if (value === null) return;
        dots[i].setAttribute('cx', at);
        dots[i].setAttribute('cy', down(value));
        const row = tip.appendChild(document.createElement('div'));
        row.className = `entry ${style}`;
        const key = row.appendChild(document.createElement('span'));
        key.textContent = label;
        row.appendChild(document.createElement('strong')).textContent = written(value, share);
      });
      tip.style.display = 'block';
      // On the side where there is room.
      const box = svg.getBoundingClientRect();
      const beside = (at / WIDTH) * box.width;
      const left = at > WIDTH / 2 ? beside - tip.offsetWidth - 10 : beside + 10;
      tip.style.left = `${Math.max(0, Math.min(left, box.width - tip.offsetWidth))}px`;
      tip.style.top = `${(TOP / HEIGHT) * box.height}px`;
    }

    function hide() {
      shown = -1;
      group.style.display = 'none';
      tip.style.display = 'none';
    }

    function nearest(event) {
      const box = svg.getBoundingClientRect();
      const at = ((event.clientX - box.left) / box.width) * WIDTH;
      let best = 0;
      for (let i = 1; i < x.length; i++) {
        if (Math.abs(across(x[i]) - at) < Math.abs(across(x[best]) - at)) best = i;
      }
      return best;
    }

    hide();
    plot.addEventListener('pointermove', (event) => show(nearest(event)));
    plot.addEventListener('pointerdown', (event) => show(nearest(event)));
    plot.addEventListener('pointerleave', hide);
    plot.addEventListener('blur', hide);
    plot.addEventListener('keydown', (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1, Home: -x.length, End: x.length }[event.key];
      if (event.key === 'Escape') hide();
      if (step === undefined) return;
      event.preventDefault();
      const from = shown < 0 ? (step > 0 ? -1 : x.length) : shown;
      show(Math.max(0, Math.min(x.length - 1, from + step)));
    });
  }

  for (const plot of document.querySelectorAll('[data-hover]')) listen(plot);
})();
