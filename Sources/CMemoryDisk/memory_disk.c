// See CMemoryDisk.h for what it promises.
//
// Node: a file with its newest content, its durable content and a mark for each sector in which they may differ. Handle:
// SQLite's open file, which points at its node. A node lives as long as it has a name or a handle.

#include "CMemoryDisk.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SECTOR = 512, PATH_BYTES = 512, SHM_REGIONS = 64 };

typedef struct content {
  int64_t size;
  int64_t capacity;
  unsigned char *bytes;
} content;

typedef struct node {
  struct node *next;
  char path[PATH_BYTES];
  int disk;
  bool named;    // in the folder
  bool synced;   // whether a sync has made its creation durable
  content live;
  content durable;
  unsigned char *marks;  // one byte a sector
  int64_t mark_count;
  int64_t first_mark, last_mark;  // no mark is set outside of these; none at all when last is not above first
  int64_t handles;
  int64_t shared;   // handles with at least a shared lock
  bool reserved;
  bool exclusive;
  int64_t lives;
  void *regions[SHM_REGIONS];
  int64_t region_handles;
} node;

typedef struct handle {
  sqlite3_file file;  // must be first: SQLite sees only this
  node *node;
  int64_t life;
  int lock;
  bool mapped;
} handle;

static node *nodes;
static int64_t fail_after[MEMORY_DISK_COUNT];  // 0: none planned; 1: every call fails
static int64_t writes, syncs;
static sqlite3_vfs vfs;
static sqlite3_vfs *base;

// Running out of memory is the end of the simulator.
static void *checked(void *memory) {
  if (memory == NULL) abort();
  return memory;
}

static void reserve(content *of, int64_t size) {
  if (size <= of->capacity) return;
  int64_t capacity = size * 2 < 16384 ? 16384 : size * 2;
  of->bytes = checked(realloc(of->bytes, (size_t)capacity));
  of->capacity = capacity;
}

static void resize(content *of, int64_t size) {
  reserve(of, size);
  if (size > of->size) memset(of->bytes + of->size, 0, (size_t)(size - of->size));
  of->size = size;
}

static void mark(node *at, int64_t from, int64_t to) {
  int64_t last = (to + SECTOR - 1) / SECTOR;
  if (last > at->mark_count) {
    int64_t count = last * 2;
    at->marks = checked(realloc(at->marks, (size_t)count));
    memset(at->marks + at->mark_count, 0, (size_t)(count - at->mark_count));
    at->mark_count = count;
  }
  int64_t first = from / SECTOR;
  if (first >= last) return;
  memset(at->marks + first, 1, (size_t)(last - first));
  bool none = at->last_mark <= at->first_mark;
  if (none || first < at->first_mark) at->first_mark = first;
  if (none || last > at->last_mark) at->last_mark = last;
}

static uint64_t draw(uint64_t *state) {
  uint64_t z = (*state += 0x9E3779B97F4A7C15u);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

static void copy_sector(content *into, const content *from, int64_t sector) {
  int64_t start = sector * SECTOR, end = start + SECTOR;
  if (end > from->size) end = from->size;
  if (end <= start) return;
  if (into->size < end) resize(into, end);
  memcpy(into->bytes + start, from->bytes + start, (size_t)(end - start));
}

static int disk_of(const char *path) {
  const char *found = NULL;
  for (const char *each = strstr(path, "disk"); each != NULL; each = strstr(each + 1, "disk")) found = each;
  int disk = found == NULL ? 0 : atoi(found + 4);
  return disk < 0 || disk >= MEMORY_DISK_COUNT ? 0 : disk;
}

static node *find(const char *path) {
  for (node *each = nodes; each != NULL; each = each->next)
    if (each->named && strcmp(each->path, path) == 0) return each;
  return NULL;
}

static node *make(const char *path) {
  node *made = checked(calloc(1, sizeof *made));
  snprintf(made->path, sizeof made->path, "%s", path);
  made->disk = disk_of(path);
  made->named = true;
  made->next = nodes;
  nodes = made;
  return made;
}

// Regions that dead handles may still look into; freed by the next reset.
static struct grave {
  struct grave *next;
  void *memory;
} *graves;

static void drop_regions(node *at) {
  for (int each = 0; each < SHM_REGIONS; each += 1) {
    if (at->regions[each] == NULL) continue;
    struct grave *made = checked(malloc(sizeof *made));
    *made = (struct grave){.next = graves, .memory = at->regions[each]};
    graves = made;
    at->regions[each] = NULL;
  }
}

static void sweep(void) {
  for (node **link = &nodes; *link != NULL;) {
    node *each = *link;
    if (each->named || each->handles > 0) {
      link = &each->next;
      continue;
    }
    *link = each->next;
    drop_regions(each);
    free(each->live.bytes);
    free(each->durable.bytes);
    free(each->marks);
    free(each);
  }
}

// MARK: - Files

static handle *handle_of(sqlite3_file *file) { return (handle *)file; }

static bool is_dead(handle *at) { return at->life != at->node->lives; }

static bool strikes(node *at) {
  int64_t *left = &fail_after[at->disk];
  if (*left == 0) return false;
  if (*left == 1) return true;
  *left -= 1;
  return false;
}

static int file_unlock(sqlite3_file *file, int level);

static int file_close(sqlite3_file *file) {
  handle *at = handle_of(file);
  if (!is_dead(at)) file_unlock(file, SQLITE_LOCK_NONE);
  at->node->handles -= 1;
  if (at->node->handles == 0 && !at->node->named) sweep();
  return SQLITE_OK;
}

static int file_read(sqlite3_file *file, void *into, int length, sqlite3_int64 offset) {
  handle *at = handle_of(file);
  if (is_dead(at)) return SQLITE_IOERR_READ;
  const content *live = &at->node->live;
  int64_t there = live->size - offset;
  if (there >= length) {
    memcpy(into, live->bytes + offset, (size_t)length);
    return SQLITE_OK;
  }
  if (there < 0) there = 0;
  if (there > 0) memcpy(into, live->bytes + offset, (size_t)there);
  memset((unsigned char *)into + there, 0, (size_t)(length - there));
  return SQLITE_IOERR_SHORT_READ;
}

static int file_write(sqlite3_file *file, const void *from, int length, sqlite3_int64 offset) {
  handle *at = handle_of(file);
  if (is_dead(at) || strikes(at->node)) return SQLITE_IOERR_WRITE;
  content *live = &at->node->live;
  writes += 1;
  if (offset > live->size) resize(live, offset);
  if (offset + length > live->size) {
    reserve(live, offset + length);
    live->size = offset + length;
  }
  memcpy(live->bytes + offset, from, (size_t)length);
  mark(at->node, offset, offset + length);
  return SQLITE_OK;
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size) {
  handle *at = handle_of(file);
  if (is_dead(at) || strikes(at->node)) return SQLITE_IOERR_TRUNCATE;
  int64_t before = at->node->live.size;
  resize(&at->node->live, size);
  mark(at->node, size, before);
  return SQLITE_OK;
}

static int file_sync(sqlite3_file *file, int flags) {
  (void)flags;
  handle *at = handle_of(file);
  if (is_dead(at) || strikes(at->node)) return SQLITE_IOERR_FSYNC;
  node *synced = at->node;
  syncs += 1;
  resize(&synced->durable, synced->live.size);
  for (int64_t each = synced->first_mark; each < synced->last_mark; each += 1) {
    if (synced->marks[each]) copy_sector(&synced->durable, &synced->live, each);
    synced->marks[each] = 0;
  }
  synced->first_mark = synced->last_mark = 0;
  synced->synced = true;
  return SQLITE_OK;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size) {
  handle *at = handle_of(file);
  if (is_dead(at)) return SQLITE_IOERR_FSTAT;
  *size = at->node->live.size;
  return SQLITE_OK;
}

static int file_lock(sqlite3_file *file, int level) {
  handle *at = handle_of(file);
  if (is_dead(at)) return SQLITE_IOERR_LOCK;
  if (at->lock >= level) return SQLITE_OK;
  node *of = at->node;
  if (of->exclusive && at->lock < SQLITE_LOCK_PENDING) return SQLITE_BUSY;
  if (level == SQLITE_LOCK_SHARED) of->shared += 1;
  if (level == SQLITE_LOCK_RESERVED) {
    if (of->reserved) return SQLITE_BUSY;
    of->reserved = true;
  }
  if (level == SQLITE_LOCK_EXCLUSIVE) {
    if (of->shared > 1) return SQLITE_BUSY;
    of->exclusive = true;
    of->reserved = true;
  }
  at->lock = level;
  return SQLITE_OK;
}

static int file_unlock(sqlite3_file *file, int level) {
  handle *at = handle_of(file);
  if (is_dead(at) || at->lock <= level) return SQLITE_OK;
  node *of = at->node;
  if (at->lock == SQLITE_LOCK_EXCLUSIVE) of->exclusive = false;
  if (at->lock >= SQLITE_LOCK_RESERVED) of->reserved = false;
  if (level == SQLITE_LOCK_NONE) of->shared -= 1;
  at->lock = level;
  return SQLITE_OK;
}

static int file_check_reserved(sqlite3_file *file, int *reserved) {
  *reserved = handle_of(file)->node->reserved;
  return SQLITE_OK;
}

static int file_control(sqlite3_file *file, int operation, void *argument) {
  (void)file, (void)operation, (void)argument;
  return SQLITE_NOTFOUND;
}

static int file_sector_size(sqlite3_file *file) {
  (void)file;
  return SECTOR;
}

static int file_characteristics(sqlite3_file *file) {
  (void)file;
  return 0;
}

static int file_shm_map(sqlite3_file *file, int region, int size, int extend, void volatile **into) {
  handle *at = handle_of(file);
  if (is_dead(at) || region >= SHM_REGIONS) return SQLITE_IOERR_SHMMAP;
  node *of = at->node;
  if (!at->mapped) {
    at->mapped = true;
    of->region_handles += 1;
  }
  if (of->regions[region] == NULL && extend) of->regions[region] = checked(calloc(1, (size_t)size));
  *into = of->regions[region];
  return SQLITE_OK;
}

// One thread, and no statement stays open between two calls of a store: nobody ever has to wait.
static int file_shm_lock(sqlite3_file *file, int offset, int count, int flags) {
  (void)offset, (void)count;
  return is_dead(handle_of(file)) && (flags & SQLITE_SHM_UNLOCK) == 0 ? SQLITE_IOERR_SHMLOCK : SQLITE_OK;
}

static void file_shm_barrier(sqlite3_file *file) { (void)file; }

static int file_shm_unmap(sqlite3_file *file, int remove) {
  handle *at = handle_of(file);
  if (!at->mapped) return SQLITE_OK;
  at->mapped = false;
  if (is_dead(at)) return SQLITE_OK;
  at->node->region_handles -= 1;
  if (at->node->region_handles == 0 || remove) drop_regions(at->node);
  return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector_size,
    .xDeviceCharacteristics = file_characteristics,
    .xShmMap = file_shm_map,
    .xShmLock = file_shm_lock,
    .xShmBarrier = file_shm_barrier,
    .xShmUnmap = file_shm_unmap,
};

// MARK: - The VFS

static int vfs_open(sqlite3_vfs *own, const char *path, sqlite3_file *file, int flags, int *flags_out) {
  (void)own;
  static int64_t unnamed;
  char name[PATH_BYTES];
  if (path == NULL) {
    snprintf(name, sizeof name, "temporary-%lld", (long long)(unnamed += 1));
    path = name;
  }
  handle *at = handle_of(file);
  memset(at, 0, sizeof *at);
  node *opened = find(path);
  if (opened == NULL) {
    if ((flags & SQLITE_OPEN_CREATE) == 0) return SQLITE_CANTOPEN;
    opened = make(path);
  }
  opened->handles += 1;
  at->node = opened;
  at->life = opened->lives;
  at->file.pMethods = &methods;
  if (flags & SQLITE_OPEN_DELETEONCLOSE) opened->named = false;
  if (flags_out != NULL) *flags_out = flags;
  return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *own, const char *path, int sync_folder) {
  (void)own, (void)sync_folder;
  node *found = find(path);
  if (found == NULL) return SQLITE_IOERR_DELETE_NOENT;
  found->named = false;
  sweep();
  return SQLITE_OK;
}

static int vfs_access(sqlite3_vfs *own, const char *path, int flags, int *result) {
  (void)own, (void)flags;
  node *found = find(path);
  *result = found != NULL && (flags != SQLITE_ACCESS_EXISTS || found->live.size > 0);
  return SQLITE_OK;
}

static int vfs_full_pathname(sqlite3_vfs *own, const char *path, int size, char *into) {
  (void)own;
  return snprintf(into, (size_t)size, "%s", path) < size ? SQLITE_OK : SQLITE_CANTOPEN;
}

// SQLite's own random numbers go into the salts of logs only; they come from a counter, so that a run is its seed.
static int vfs_randomness(sqlite3_vfs *own, int size, char *into) {
  (void)own;
  static uint64_t state;
  for (int each = 0; each < size; each += 1) into[each] = (char)draw(&state);
  return size;
}

static int vfs_sleep(sqlite3_vfs *own, int microseconds) {
  (void)own;
  return microseconds;
}

static int vfs_current_time(sqlite3_vfs *own, double *into) {
  (void)own;
  *into = 2460000.5;
  return SQLITE_OK;
}

static int vfs_last_error(sqlite3_vfs *own, int size, char *into) {
  (void)own, (void)size, (void)into;
  return 0;
}

// MARK: - What the simulator calls

int memory_disk_register(void) {
  if (base != NULL) return SQLITE_OK;
  // One thread, and nobody asks how much memory SQLite has: locks and counts around every allocation are for nothing.
  sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  int code = sqlite3_initialize();
  if (code != SQLITE_OK) return code;
  base = sqlite3_vfs_find(NULL);
  vfs = (sqlite3_vfs){
      .iVersion = 1,
      .szOsFile = (int)sizeof(handle),
      .mxPathname = PATH_BYTES - 1,
      .zName = "memory-disk",
      .xOpen = vfs_open,
      .xDelete = vfs_delete,
      .xAccess = vfs_access,
      .xFullPathname = vfs_full_pathname,
      .xRandomness = vfs_randomness,
      .xSleep = vfs_sleep,
      .xCurrentTime = vfs_current_time,
      .xGetLastError = vfs_last_error,
  };
  return sqlite3_vfs_register(&vfs, 1);
}

static void end_life(node *at) {
  at->lives += 1;
  at->shared = 0;
  at->reserved = at->exclusive = false;
  at->region_handles = 0;
  drop_regions(at);
}

void memory_disk_reset(void) {
  for (struct grave *each = graves, *next; each != NULL; each = next) {
    next = each->next;
    free(each->memory);
    free(each);
  }
  graves = NULL;
  for (node *each = nodes; each != NULL; each = each->next) {
    end_life(each);
    each->named = false;
  }
  memset(fail_after, 0, sizeof fail_after);
  sweep();
}

void memory_disk_kill(int disk) {
  fail_after[disk] = 0;
  for (node *each = nodes; each != NULL; each = each->next)
    if (each->disk == disk && each->named) end_life(each);
}

// What of `at` is on the disk when the power is back.
static void settle(node *at, uint64_t *state) {
  int64_t last = (at->live.size + SECTOR - 1) / SECTOR;
  for (int64_t each = at->first_mark; each < at->last_mark; each += 1) {
    if (at->marks[each] && each < last && (draw(state) & 3) == 0) copy_sector(&at->durable, &at->live, each);
    at->marks[each] = 0;
  }
  at->first_mark = at->last_mark = 0;
  resize(&at->live, 0);
  resize(&at->live, at->durable.size);
  if (at->durable.size > 0) memcpy(at->live.bytes, at->durable.bytes, (size_t)at->durable.size);
  if (!at->synced) at->named = false;
}

void memory_disk_cut(int disk, uint64_t seed) {
  memory_disk_kill(disk);
  for (node *each = nodes; each != NULL; each = each->next)
    if (each->disk == disk && each->named) settle(each, &seed);
  sweep();
}

void memory_disk_fail_after(int disk, int64_t calls) { fail_after[disk] = calls == 0 ? 0 : calls + 1; }

int memory_disk_is_failing(int disk) { return fail_after[disk] == 1; }

static void copy_content(content *into, const content *from) {
  resize(into, 0);
  resize(into, from->size);
  if (from->size > 0) memcpy(into->bytes, from->bytes, (size_t)from->size);
}

void memory_disk_copy(int from, int to) {
  for (node *each = nodes; each != NULL; each = each->next) {
    if (each->disk != to || !each->named) continue;
    end_life(each);
    each->named = false;
  }
  sweep();
  for (node *each = nodes; each != NULL; each = each->next) {
    if (each->disk != from || !each->named) continue;
    char number[16], path[PATH_BYTES];
    snprintf(number, sizeof number, "disk%d/", from);
    char *found = strstr(each->path, number);
    if (found == NULL) continue;
    snprintf(path, sizeof path, "%.*sdisk%d/%s", (int)(found - each->path), each->path, to, found + strlen(number));
    node *made = make(path);
    copy_content(&made->live, &each->live);
    copy_content(&made->durable, &each->live);
    made->synced = true;
  }
}

int64_t memory_disk_writes(void) { return writes; }
int64_t memory_disk_syncs(void) { return syncs; }
