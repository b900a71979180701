// A registry of the packed tarballs and nothing else, so that npm and pnpm install them the way
// users will: by name, each finding what the others ask for.
'use strict';

const crypto = require('node:crypto');
const fs = require('node:fs');
const http = require('node:http');

/** Serves packages `{ manifest, tarball }` on this machine; resolves to `{ url, close }`. */
async function serve(packages) {
  const known = new Map();
  for (const { manifest, tarball } of packages) {
    const bytes = fs.readFileSync(tarball);
    const integrity = `sha512-${crypto.createHash('sha512').update(bytes).digest('base64')}`;
    known.set(manifest.name, { manifest, tarball, integrity });
  }
  const server = http.createServer((request, response) => {
    const [name, file] = decodeURIComponent(request.url.slice(1)).split('/-/');
    const found = known.get(name);
    if (!found) return response.writeHead(404).end('{}');
    if (file) return fs.createReadStream(found.tarball).pipe(response);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(packument(found, `http://${request.headers.host}`)));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  };
}

function packument({ manifest, integrity }, url) {
  const { name, version } = manifest;
  const dist = { tarball: `${url}/${name}/-/package.tgz`, integrity };
  return {
    name,
    'dist-tags': { latest: version },
    versions: { [version]: { ...manifest, _id: `${name}@${version}`, dist } },
  };
}

module.exports = { serve };
