// A module linked against the stand-ins for an older glibc asks for nothing newer, and works.
'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { beyond, floor } = require('../scripts/floor');
const { here } = require('../scripts/platform');
const { run } = require('./child');

// What later versions of glibc and libstdc++ moved or made anew, a test of each when it is loaded.
const SOURCE = `
  #include <cmath>
  #include <cstdlib>
  #include <dlfcn.h>
  #include <fcntl.h>
  #include <memory>
  #include <pthread.h>
  #include <sstream>
  #include <sys/stat.h>

  static void* started(void* given) { return given; }

  extern "C" void* napi_register_module_v1(void*, void* exports) {
    struct stat64 folder, file;
    if (stat64("/", &folder) || !S_ISDIR(folder.st_mode)) abort();
    if (lstat64("/dev/null", &file) || fstatat64(AT_FDCWD, "/dev/null", &file, 0)) abort();
    if (!S_ISCHR(file.st_mode) || fstat64(-1, &file) != -1) abort();
    pthread_t thread;
    void* ended = nullptr;
    if (pthread_create(&thread, nullptr, started, exports) || pthread_join(thread, &ended)) abort();
    if (ended != exports || !dlsym(RTLD_DEFAULT, "malloc")) abort();
    auto shared = std::make_shared<double>(3);
    auto same = shared;
    std::ostringstream text;
    text << std::hypot(*same, 4) << std::exp(shared.use_count() - 2);
    if (text.str() != "51") abort();
    return exports;
  }
`;

let folder;
beforeAll(() => {
  // Paths with spaces must do as well.
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'polytask floor '));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

function link(name, ...flags) {
  const [source, module] = [path.join(folder, 'module.cc'), path.join(folder, name)];
  fs.writeFileSync(source, SOURCE);
  execFileSync('c++', ['-O1', '-fPIC', '-shared', source, '-o', module, ...flags]);
  return module;
}

const loads = (module) => run('require(process.argv[1])', { args: [module] });

const { name } = here();
(name === 'linux-x64' ? test : test.skip)(
  'stands in for what is newer',
  async () => {
    const stand = await floor(path.join(folder, 'stand in'));
    expect(stand).not.toBeNull();
    const module = link('old.node', `-L${stand}`, '-lpthread', '-ldl');
    expect(await beyond(module)).toEqual([]);
    expect(await loads(module)).toMatchObject({ status: 0, stderr: '' });
    // Without them the same would ask for what this system has, where that is newer.
    const newer = await beyond(link('new.node', '-lpthread', '-ldl'));
    const glibc = Number(here().glibc.split('.')[1]);
    if (glibc >= 34) {
      expect(newer).toContain('pthread_create@GLIBC_2.34');
      expect(newer).toContain('stat64@GLIBC_2.33');
    }
    // Made once, they are taken as they are.
    const before = fs.statSync(path.join(stand, 'libc.so')).mtimeMs;
    expect(await floor(stand)).toBe(stand);
    expect(fs.statSync(path.join(stand, 'libc.so')).mtimeMs).toBe(before);
  },
  60_000,
);
