// CFaultDisk: a disk for tests that loses what was not synced, and that fails when told to.
//
// A shim over SQLite's own "unix" VFS. Registered as the default, it passes everything through, except for files in
// folders that a test has begun; for those it keeps the content as of each file's last sync beside the real one.
// So a test can cut the power: every file goes back to what the disk had promised, and the handles that were open die,
// as the process would have. It may not be used outside tests: it keeps whole files in memory and takes one lock.
//
// What counts as durable: the content of a file at its last successful xSync; a deletion when SQLite asks to sync the
// directory with it; and every creation and deletion in the folder that came before any later xSync in it, as on the
// journalling file systems in use (a created file is empty until its own sync). The wal-index (-shm) is memory: a crash
// removes it. So in the rollback modes a crash right behind a commit may bring back the journal and take the commit with
// it, as SQLite documents for anything below synchronous=EXTRA; WAL with FULL keeps every commit.
// A file that stands in the folder when it is first opened counts as durable as it is.
// Not modelled: a disk that lies about a sync, and writes through memory maps (the shim offers none, so SQLite does
// without).
//
// All functions are safe from any thread. A folder must exist when named; it is known by its real path, and files are
// watched when they are opened behind fault_disk_begin, in the folder itself or below. Tests with folders of their own
// do not disturb each other.
#ifndef TAIZHANG_FAULT_DISK_H
#define TAIZHANG_FAULT_DISK_H

#include <stdbool.h>
#include <stdint.h>

// The calls that are counted and can be made to fail.
enum fault_disk_call {
  FAULT_DISK_OPEN,
  FAULT_DISK_READ,
  FAULT_DISK_WRITE,
  FAULT_DISK_SYNC,
  FAULT_DISK_TRUNCATE,
  FAULT_DISK_DELETE,
};

// Makes the shim SQLite's default VFS. Connections opened before go on without it. A second call does nothing.
// Returns SQLITE_OK or SQLite's error code.
int fault_disk_register(void);

// Begins to watch the files in `folder`. Returns SQLITE_OK; SQLITE_CANTOPEN if it is no folder; SQLITE_MISUSE if it is
// watched already.
int fault_disk_begin(const char *folder);

// Stops watching and forgets counts and planned failures. Handles that a crash killed stay dead, others go on unwatched.
// Call it before the folder is removed.
void fault_disk_end(const char *folder);

// Cuts the power: every watched file in `folder` goes back to its last synced content (one that was never synced
// vanishes), -shm files are removed, and every handle that is open on them fails with SQLITE_IOERR from now on.
// Files can then be opened again. Returns SQLITE_OK; SQLITE_MISUSE for a folder that is not watched; SQLITE_IOERR if a
// file could not be put back.
int fault_disk_crash(const char *folder);

// The same, but of what was not synced a part chosen by `seed` did reach the disk, in sectors of 512 bytes and in no
// order: the torn state that a real power cut leaves.
int fault_disk_crash_torn(const char *folder, uint64_t seed);

// Plans a failure: the `nth` call (from 1, counted from now) of this sort on a watched file of `folder` does nothing
// and returns `code` (SQLITE_FULL, SQLITE_IOERR_WRITE, SQLITE_IOERR_FSYNC, SQLITE_READONLY ...). With `forever` all
// later ones fail too; else only that one. One plan per sort of call: a new plan replaces it, nth = 0 removes it.
// Returns SQLITE_OK, or SQLITE_MISUSE for a folder that is not watched.
int fault_disk_fail(const char *folder, enum fault_disk_call call, int64_t nth, int code, bool forever);

// How many calls of this sort the watched files of `folder` have had since it was begun, failed ones included;
// -1 for a folder that is not watched.
int64_t fault_disk_count(const char *folder, enum fault_disk_call call);

// How many writes, truncations, creations and deletions in `folder` a crash would drop now; -1 for a folder that is
// not watched.
int64_t fault_disk_unsynced(const char *folder);

#endif
