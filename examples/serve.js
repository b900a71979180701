// A model behind HTTP, with fastify: requests checked by a schema made from the model, a new model
// file taken into service without a request lost, figures for Prometheus. Elsewhere than in this
// checkout it needs `npm install fastify prom-client`.
//
//     node examples/serve.js                       trains a small model of iris and serves it
//     node examples/serve.js iris.safetensors      serves a model file
//     HOST=0.0.0.0 PORT=8080 node examples/serve.js iris.safetensors
//
//     curl localhost:3000/predict -H 'content-type: application/json' -d '{"rows":
//       [{"sepal_length": 5.9, "sepal_width": 3, "petal_length": 5.1, "petal_width": 1.8}]}'
//
// POST /predict   { rows } -> { predictions }          GET /schema   what /predict takes
// GET  /health    what is in service                   GET /metrics  for Prometheus
//
// A changed file is read by itself; where changes cannot be watched, SIGHUP reads it.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const fastify = require('fastify');
const { PolytaskError, train } = require('polytask');
const { LiveModel } = require('./serve/live');
const { metrics } = require('./serve/metrics');
const { complaint, isInRow, lacksColumn, requestSchema } = require('./serve/schema');

const MAX_ROWS = 1000;
// So few are answered sooner than they are handed to a thread.
const AT_ONCE = 32;

/** The service of a model file, which does not listen yet. */
async function service(file, { logger = false } = {}) {
  const app = fastify({
    logger,
    bodyLimit: 4 * 2 ** 20,
    // The schema checks and changes nothing: "5" is not made 5. A cell may be null.
    ajv: {
      customOptions: { coerceTypes: false, removeAdditional: false, allowUnionTypes: true },
    },
  });
  const figures = metrics();
  const live = new LiveModel(file, (error) => {
    figures.reloads.inc({ result: error ? 'refused' : 'taken' });
    if (error) return app.log.error({ err: error }, 'the new model file is not taken');
    take();
    app.log.info('a new model is in service');
  });
  // The request schema of the model in service.
  let schema;
  const take = () => {
    schema = requestSchema(live.model, MAX_ROWS);
    figures.loaded.set(live.loadedAt.getTime() / 1000);
  };
  await live.open();
  take();
  live.watch((error) => app.log.warn({ err: error }, 'changes are not seen; send SIGHUP instead'));

  app.post('/predict', async (request, reply) => {
    // From here on this request stays with this model, whatever is read meanwhile.
    const { model } = live;
    const valid = request.compileValidationSchema(schema);
    if (!valid(request.body)) {
      const [first] = valid.errors;
      // What is wrong with a row polytask says best; what it would read all the same, such as a
      // number as text, is for the schema to refuse.
      if (isInRow(first)) model.predict(request.body.rows);
      if (!lacksColumn(first)) {
        const error = complaint(first, request.body);
        return reply.code(400).send({ error: { code: 'ERR_ROWS', ...error } });
      }
    }
    const { rows } = request.body;
    const few = rows.length <= AT_ONCE;
    const predictions = few ? model.predict(rows) : await model.predictAsync(rows);
    figures.rows.inc(rows.length);
    return { predictions };
  });

  app.get('/schema', () => schema);

  app.get('/health', () => ({
    status: 'ok',
    model: {
      file: path.basename(file),
      loadedAt: live.loadedAt,
      tasks: live.model.tasks.map(({ name, type }) => ({ name, type })),
    },
    // A newer file that is not in service, and why.
    refused: live.refused && { code: live.refused.code, message: live.refused.message },
  }));

  app.get('/metrics', (_, reply) => {
    reply.type(figures.registry.contentType);
    return figures.registry.metrics();
  });

  // What does not fit the model is the client's to mend, and polytask says where it is.
  app.setErrorHandler((error, request, reply) => {
    if (error instanceof PolytaskError && error.code === 'ERR_ROWS') {
      const { code, message, row, column } = error;
      return reply.code(400).send({ error: { code, message, row, column } });
    }
    const status = error.statusCode ?? 500;
    if (status >= 500) request.log.error(error);
    const message = status < 500 ? error.message : 'the service failed';
    return reply.code(status).send({ error: { code: error.code ?? 'ERR_INTERNAL', message } });
  });
  app.setNotFoundHandler(({ method, url }, reply) => {
    const message = `there is no ${method} ${url}; try POST /predict`;
    return reply.code(404).send({ error: { code: 'ERR_NOT_FOUND', message } });
  });

  app.addHook('onResponse', async ({ method, routeOptions }, reply) => {
    // The route and not the address, of which there are any number.
    const labels = { method, route: routeOptions.url ?? 'none', status: reply.statusCode };
    figures.requests.observe(labels, reply.elapsedTime / 1000);
  });
  app.addHook('onClose', async () => live.close());
  app.decorate('live', live);
  return app;
}

/** A model of iris, where no file was named. */
async function sample() {
  const file = path.join(os.tmpdir(), `iris-${process.pid}.safetensors`);
  const model = await train(path.join(__dirname, '..', 'data', 'iris.csv'));
  await model.save(file);
  process.once('exit', () => fs.rmSync(file, { force: true }));
  return file;
}

async function main() {
  const file = process.argv[2] ?? (await sample());
  const app = await service(file, { logger: { level: process.env.LOG_LEVEL ?? 'warn' } });
  process.on('SIGHUP', () => app.live.reload());
  // No new connections; those that wait for an answer get it.
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => app.close());
  const { HOST: host = '127.0.0.1', PORT: port = '3000' } = process.env;
  console.log(`serving ${file} at ${await app.listen({ host, port: Number(port) })}`);
}

module.exports = { service };

if (require.main === module) {
  main().catch((error) => {
    console.error(`${error.code ?? error.name}: ${error.message}`);
    process.exitCode = 1;
  });
}
