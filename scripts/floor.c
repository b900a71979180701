// What a program gets from glibc's own static part when it is linked on glibc 2.28, and from
// the shared one when it is linked on 2.33 or later: linked here, our modules need neither.

#define _GNU_SOURCE
#include <sys/stat.h>

#define OURS __attribute__((visibility("hidden")))

// The version of `struct stat` that x86-64 has always had.
#define STAT_VERSION 1

int __xstat64(int version, const char *path, struct stat64 *found);
int __lxstat64(int version, const char *path, struct stat64 *found);
int __fxstat64(int version, int file, struct stat64 *found);
int __fxstatat64(int version, int folder, const char *path, struct stat64 *found, int flags);

OURS int stat64(const char *path, struct stat64 *found) {
  return __xstat64(STAT_VERSION, path, found);
}

OURS int lstat64(const char *path, struct stat64 *found) {
  return __lxstat64(STAT_VERSION, path, found);
}

OURS int fstat64(int file, struct stat64 *found) {
  return __fxstat64(STAT_VERSION, file, found);
}

OURS int fstatat64(int folder, const char *path, struct stat64 *found, int flags) {
  return __fxstatat64(STAT_VERSION, folder, path, found, flags);
}

// Whether the process has one thread only, so that shared pointers may count without locks.
// Node has many.
OURS char __libc_single_threaded = 0;
