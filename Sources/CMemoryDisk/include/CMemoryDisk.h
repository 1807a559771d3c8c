// CMemoryDisk: disks for the simulator: an SQLite VFS that keeps its files in memory and loses what was not synced.
//
// Registered as the process's default, it takes every file; nothing of SQLite's touches a real disk any more. A disk is
// a number from 0 to MEMORY_DISK_COUNT - 1; which one a file is on is the number behind the last "disk" in its path
// (".../disk3/replica.sqlite"). One thread only: the simulator has no other.
//
// What counts as durable: the content of a file at its last successful xSync. Deletions are durable at once, creations
// with the file's first sync. The wal-index is memory and gone with its process.
#ifndef TAIZHANG_MEMORY_DISK_H
#define TAIZHANG_MEMORY_DISK_H

#include <stdint.h>

enum { MEMORY_DISK_COUNT = 32 };

// Makes it the default VFS. Returns SQLITE_OK or SQLite's error code. A second call does nothing.
int memory_disk_register(void);

// Forgets every file of every disk. Handles that are open die.
void memory_disk_reset(void);

// Whoever had files of the disk open is gone, killed: their handles fail from now on; the files keep what was written.
void memory_disk_kill(int disk);

// The power is cut: handles die, and of what was not synced only sectors of 512 bytes chosen by `seed` are there.
void memory_disk_cut(int disk, uint64_t seed);

// After `calls` further writes, truncations and syncs of files of the disk every one fails, until the next kill or cut.
// 0: none does.
void memory_disk_fail_after(int disk, int64_t calls);

// Whether every one fails now.
int memory_disk_is_failing(int disk);

// Copies all files of one disk to another, whose files are forgotten, as a person copies a folder: what is written, not
// what is synced. In the names the first disk's number becomes the second's.
void memory_disk_copy(int from, int to);

// How many writes and syncs there have been since the start, for measuring.
int64_t memory_disk_writes(void);
int64_t memory_disk_syncs(void);

#endif
