// What the service counts, for Prometheus.
'use strict';

const { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } = require('prom-client');

function metrics() {
  const registry = new Registry();
  const registers = [registry];
  // Memory, processor time, event loop delay, garbage collection.
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    requests: new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Time from a request to its answer',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1],
      registers,
    }),
    rows: new Counter({ name: 'polytask_predicted_rows_total', help: 'Rows answered', registers }),
    reloads: new Counter({
      name: 'polytask_model_reloads_total',
      help: 'Readings of a changed model file, by how they ended',
      labelNames: ['result'],
      registers,
    }),
    loaded: new Gauge({
      name: 'polytask_model_loaded_timestamp_seconds',
      help: 'When the model in service was read',
      registers,
    }),
  };
}

module.exports = { metrics };
