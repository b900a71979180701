// Serves the page, a model and onnxruntime-web's files on this machine alone.
//
//     node server.js [folder of the model, default model]       PORT says which port
'use strict';

const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.onnx': 'application/octet-stream',
  '.wasm': 'application/wasm',
};

// What each first part of a path leads to; `/` is the page.
const FOLDERS = {
  page: path.join(__dirname, 'page'),
  model: path.resolve(process.argv[2] ?? path.join(__dirname, 'model')),
  ort: path.dirname(require.resolve('onnxruntime-web')),
};

function fileOf(url) {
  const { pathname } = new URL(url, 'http://localhost');
  const [, first, name, ...more] = (pathname === '/' ? '/page/index.html' : pathname).split('/');
  // Names of files alone: nothing leads out of a folder.
  const plain = more.length === 0 && /^[\w-]+(\.[\w-]+)*$/.test(name ?? '');
  return Object.hasOwn(FOLDERS, first) && plain ? path.join(FOLDERS[first], name) : null;
}

const server = http.createServer((request, response) => {
  const file = fileOf(request.url);
  const stream = file && fs.existsSync(file) ? fs.createReadStream(file) : null;
  if (!stream) {
    response.writeHead(404).end('not found');
    return;
  }
  const type = TYPES[path.extname(file)] ?? 'application/octet-stream';
  response.writeHead(200, { 'content-type': type });
  stream.pipe(response);
});

server.listen(Number(process.env.PORT ?? 8080), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}/`);
});
