// renameat2(2), which the C library declares only under _GNU_SOURCE and Swift's Glibc module therefore does not have.
#ifndef TAIZHANG_CLINUXFILES_SHIM_H
#define TAIZHANG_CLINUXFILES_SHIM_H

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

/// Renames `from` to `to`, which must be free. Returns 0, or -1 with errno set (EEXIST when it is not free).
static inline int tz_rename_new(const char *from, const char *to) {
  return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 1u /* RENAME_NOREPLACE */);
}

/// Exchanges two names in one step. Returns 0, or -1 with errno set.
static inline int tz_rename_exchange(const char *one, const char *other) {
  return (int)syscall(SYS_renameat2, AT_FDCWD, one, AT_FDCWD, other, 2u /* RENAME_EXCHANGE */);
}

#endif
