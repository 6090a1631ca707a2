// Draws a chart when it comes near the screen, and all of them before printing, at a width that fits the paper.
"use strict";
(() => {
  const config = {
    responsive: true,
    displaylogo: false,
    typesetMath: false,
    modeBarButtonsToRemove: ["lasso2d", "select2d"],
  };
  const drawn = new Set();
  const draw = (place) => {
    if (drawn.has(place)) {
      return;
    }
    drawn.add(place);
    const chart = JSON.parse(document.getElementById(place.id + "-data").textContent);
    Plotly.newPlot(place, chart.data, chart.layout, config);
  };
  const places = Array.from(document.querySelectorAll(".chart > [data-chart]"));
  const near = new IntersectionObserver((seen) => {
    for (const one of seen) {
      if (one.isIntersecting) {
        near.unobserve(one.target);
        draw(one.target);
      }
    }
  }, {rootMargin: "800px"});
  places.forEach((place) => near.observe(place));
  window.addEventListener("beforeprint", () => {
    for (const place of places) {
      draw(place);
      Plotly.relayout(place, {width: 1000, autosize: false});
    }
  });
  window.addEventListener("afterprint", () => {
    for (const place of places) {
      Plotly.relayout(place, {width: null, autosize: true});
    }
  });
})();
