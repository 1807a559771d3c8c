// A shim over the default VFS: see CFaultDisk.h for what it promises.
//
// Area: a watched folder. Node: a file in it, by path, with its durable content and the changes since. Handle: SQLite's
// open file, which points at its node; several handles share one. Everything below is guarded by `lock`, except `base`
// and the VFS itself, which are set once before any handle exists, and handles without a node, which are passed through.
// The real file always holds the newest content, so reads and file sizes need no work.

#include "CFaultDisk.h"

#include <limits.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CALLS = FAULT_DISK_DELETE + 1, SECTOR = 512 };

// MARK: - Content and changes

typedef struct content {
  bool exists;
  int64_t size;
  int64_t capacity;
  unsigned char *bytes;
} content;

typedef enum change_kind { CHANGE_WRITE, CHANGE_TRUNCATE, CHANGE_CREATE, CHANGE_DELETE } change_kind;

// A change that is not durable yet. For a truncation `offset` is the new size.
typedef struct change {
  struct change *next;
  change_kind kind;
  int64_t offset;
  int64_t length;
  unsigned char bytes[];
} change;

// Tests have memory enough; running out of it is the end of the test process.
static void *checked(void *memory) {
  if (memory == NULL) abort();
  return memory;
}

static void content_resize(content *into, int64_t size) {
  if (size > into->capacity) {
    int64_t capacity = size * 2;
    into->bytes = checked(realloc(into->bytes, (size_t)capacity));
    into->capacity = capacity;
  }
  if (size > into->size) memset(into->bytes + into->size, 0, (size_t)(size - into->size));
  into->size = size;
}

static void content_write(content *into, int64_t offset, const unsigned char *bytes, int64_t length) {
  if (length == 0) return;
  if (offset + length > into->size) content_resize(into, offset + length);
  memcpy(into->bytes + offset, bytes, (size_t)length);
}

static void content_apply(content *into, const change *made) {
  switch (made->kind) {
    case CHANGE_WRITE: content_write(into, made->offset, made->bytes, made->length); break;
    case CHANGE_TRUNCATE: content_resize(into, made->offset); break;
    case CHANGE_CREATE:
      into->exists = true;
      into->size = 0;
      break;
    case CHANGE_DELETE:
      into->exists = false;
      into->size = 0;
      break;
  }
}

// splitmix64: small, and the same on every machine.
static uint64_t draw(uint64_t *state) {
  uint64_t z = (*state += 0x9E3779B97F4A7C15u);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

// Applies what of `made` reached the disk. False if the directory entry didn't: then what follows went to a file that
// nobody finds any more.
static bool content_apply_torn(content *into, const change *made, uint64_t *state) {
  if (made->kind != CHANGE_WRITE) {
    bool reached = draw(state) & 1;
    if (reached) content_apply(into, made);
    return reached || made->kind == CHANGE_TRUNCATE;
  }
  int64_t end = made->offset + made->length;
  for (int64_t at = made->offset; at < end;) {
    int64_t next = (at / SECTOR + 1) * SECTOR;
    if (next > end) next = end;
    if (draw(state) & 1) content_write(into, at, made->bytes + (at - made->offset), next - at);
    at = next;
  }
  return true;
}

// MARK: - Areas, nodes, handles

struct area;

typedef struct node {
  struct node *next;
  struct area *area;  // NULL once the area has ended
  char *path;
  int64_t handles;    // open handles, the dead ones too; the node lives as long as there are any
  int64_t lives;      // counts crashes: a handle of an earlier life is dead
  bool exists;        // in the real file system
  content durable;
  change *first, *last;
} node;

typedef struct plan {
  int64_t remaining;  // calls until it strikes; 0 = no plan
  int code;
  bool forever;
} plan;

typedef struct area {
  struct area *next;
  char *folder;  // real path, without a slash at its end
  node *nodes;
  int64_t counts[CALLS];
  plan plans[CALLS];
} area;

typedef struct handle {
  sqlite3_file file;  // must be first: SQLite sees only this
  node *node;         // NULL = not watched
  int64_t life;
  sqlite3_file *real;  // lies behind this struct in the same allocation
} handle;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static area *areas;
static sqlite3_vfs *base;
static sqlite3_vfs shim;
static bool registered;

// The area that `path` lies in, at any depth.
static area *area_of(const char *path) {
  for (area *each = areas; each != NULL; each = each->next) {
    size_t length = strlen(each->folder);
    if (strncmp(path, each->folder, length) == 0 && path[length] == '/') return each;
  }
  return NULL;
}

// The area that was begun with this folder.
static area *area_named(const char *folder) {
  char real[PATH_MAX];
  if (realpath(folder, real) == NULL) return NULL;
  for (area *each = areas; each != NULL; each = each->next)
    if (strcmp(each->folder, real) == 0) return each;
  return NULL;
}

static node *node_at(area *in, const char *path) {
  for (node *each = in->nodes; each != NULL; each = each->next)
    if (strcmp(each->path, path) == 0) return each;
  return NULL;
}

// Reads a whole file; one that cannot be opened does not exist.
static void content_load(content *into, const char *path) {
  FILE *file = fopen(path, "rb");
  into->exists = file != NULL;
  if (file == NULL) return;
  unsigned char block[65536];
  size_t got;
  while ((got = fread(block, 1, sizeof block, file)) > 0) content_write(into, into->size, block, (int64_t)got);
  fclose(file);
}

static node *node_make(area *in, const char *path) {
  node *made = checked(calloc(1, sizeof *made));
  made->area = in;
  made->path = checked(strdup(path));
  content_load(&made->durable, path);
  made->exists = made->durable.exists;
  made->next = in->nodes;
  in->nodes = made;
  return made;
}

static void node_record(node *at, change_kind kind, int64_t offset, const void *bytes, int64_t length) {
  change *made = checked(malloc(sizeof *made + (size_t)length));
  *made = (change){.kind = kind, .offset = offset, .length = length};
  if (length > 0) memcpy(made->bytes, bytes, (size_t)length);
  if (at->last != NULL) at->last->next = made;
  else at->first = made;
  at->last = made;
}

static void node_forget_changes(node *at) {
  for (change *each = at->first, *next; each != NULL; each = next) {
    next = each->next;
    free(each);
  }
  at->first = at->last = NULL;
}

static bool changes_folder(const change *made) {
  return made->kind == CHANGE_CREATE || made->kind == CHANGE_DELETE;
}

// Makes the node's directory changes durable, and with them nothing of the content written behind the last one: both
// leave the file empty, so the changes before it count no more.
static void node_settle_entry(node *at) {
  change *last = NULL;
  for (change *each = at->first; each != NULL; each = each->next)
    if (changes_folder(each)) last = each;
  if (last == NULL) return;
  content_apply(&at->durable, last);
  while (at->first != NULL) {
    change *settled = at->first;
    at->first = settled->next;
    bool done = settled == last;
    free(settled);
    if (done) break;
  }
  if (at->first == NULL) at->last = NULL;
}

static void node_free(node *at) {
  node_forget_changes(at);
  free(at->durable.bytes);
  free(at->path);
  free(at);
}

// Counts a call; the code that it must fail with, or SQLITE_OK.
static int strike(area *in, enum fault_disk_call call) {
  in->counts[call] += 1;
  plan *planned = &in->plans[call];
  if (planned->remaining == 0) return SQLITE_OK;
  if (planned->remaining > 1) {
    planned->remaining -= 1;
    return SQLITE_OK;
  }
  if (!planned->forever) planned->remaining = 0;
  return planned->code;
}

// Locks and says whether the call may go on: SQLITE_OK, SQLITE_IOERR for a dead handle, or the planned code. A handle
// whose area has ended goes on unwatched (`at->node->area == NULL`). The caller unlocks in every case.
static int enter(handle *at, enum fault_disk_call call) {
  pthread_mutex_lock(&lock);
  if (at->life != at->node->lives) return SQLITE_IOERR;
  return at->node->area == NULL ? SQLITE_OK : strike(at->node->area, call);
}

static int leave(int code) {
  pthread_mutex_unlock(&lock);
  return code;
}

static bool is_dead(handle *at) {
  if (at->node == NULL) return false;
  pthread_mutex_lock(&lock);
  bool dead = at->life != at->node->lives;
  pthread_mutex_unlock(&lock);
  return dead;
}

// MARK: - The file's methods

static handle *handle_of(sqlite3_file *file) { return (handle *)file; }
static sqlite3_file *real_of(sqlite3_file *file) { return handle_of(file)->real; }

static int file_close(sqlite3_file *file) {
  handle *at = handle_of(file);
  int code = at->real->pMethods->xClose(at->real);
  if (at->node == NULL) return code;
  pthread_mutex_lock(&lock);
  at->node->handles -= 1;
  if (at->node->handles == 0 && at->node->area == NULL) node_free(at->node);
  return leave(code);
}

static int file_read(sqlite3_file *file, void *into, int length, sqlite3_int64 offset) {
  handle *at = handle_of(file);
  if (at->node == NULL) return at->real->pMethods->xRead(at->real, into, length, offset);
  int code = enter(at, FAULT_DISK_READ);
  if (code == SQLITE_OK) code = at->real->pMethods->xRead(at->real, into, length, offset);
  return leave(code);
}

static int file_write(sqlite3_file *file, const void *from, int length, sqlite3_int64 offset) {
  handle *at = handle_of(file);
  if (at->node == NULL) return at->real->pMethods->xWrite(at->real, from, length, offset);
  int code = enter(at, FAULT_DISK_WRITE);
  if (code == SQLITE_OK) code = at->real->pMethods->xWrite(at->real, from, length, offset);
  if (code == SQLITE_OK && at->node->area != NULL) node_record(at->node, CHANGE_WRITE, offset, from, length);
  return leave(code);
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size) {
  handle *at = handle_of(file);
  if (at->node == NULL) return at->real->pMethods->xTruncate(at->real, size);
  int code = enter(at, FAULT_DISK_TRUNCATE);
  if (code == SQLITE_OK) code = at->real->pMethods->xTruncate(at->real, size);
  if (code == SQLITE_OK && at->node->area != NULL) node_record(at->node, CHANGE_TRUNCATE, size, NULL, 0);
  return leave(code);
}

static int file_sync(sqlite3_file *file, int flags) {
  handle *at = handle_of(file);
  if (at->node == NULL) return at->real->pMethods->xSync(at->real, flags);
  int code = enter(at, FAULT_DISK_SYNC);
  if (code == SQLITE_OK) code = at->real->pMethods->xSync(at->real, flags);
  if (code == SQLITE_OK && at->node->area != NULL) {
    for (change *each = at->node->first; each != NULL; each = each->next) content_apply(&at->node->durable, each);
    node_forget_changes(at->node);
    for (node *each = at->node->area->nodes; each != NULL; each = each->next) node_settle_entry(each);
  }
  return leave(code);
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size) {
  if (is_dead(handle_of(file))) return SQLITE_IOERR;
  return real_of(file)->pMethods->xFileSize(real_of(file), size);
}

static int file_lock(sqlite3_file *file, int level) {
  if (is_dead(handle_of(file))) return SQLITE_IOERR;
  return real_of(file)->pMethods->xLock(real_of(file), level);
}

static int file_unlock(sqlite3_file *file, int level) {
  return real_of(file)->pMethods->xUnlock(real_of(file), level);
}

static int file_check_reserved(sqlite3_file *file, int *reserved) {
  if (is_dead(handle_of(file))) return SQLITE_IOERR;
  return real_of(file)->pMethods->xCheckReservedLock(real_of(file), reserved);
}

static int file_control(sqlite3_file *file, int operation, void *argument) {
  return real_of(file)->pMethods->xFileControl(real_of(file), operation, argument);
}

static int file_sector_size(sqlite3_file *file) { return real_of(file)->pMethods->xSectorSize(real_of(file)); }

static int file_characteristics(sqlite3_file *file) {
  return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}

static int file_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **into) {
  if (is_dead(handle_of(file))) return SQLITE_IOERR;
  return real_of(file)->pMethods->xShmMap(real_of(file), page, size, extend, into);
}

static int file_shm_lock(sqlite3_file *file, int offset, int count, int flags) {
  // A dead handle may still let go, so that closing it works; it may take nothing.
  if (is_dead(handle_of(file)) && (flags & SQLITE_SHM_UNLOCK) == 0) return SQLITE_IOERR;
  return real_of(file)->pMethods->xShmLock(real_of(file), offset, count, flags);
}

static void file_shm_barrier(sqlite3_file *file) { real_of(file)->pMethods->xShmBarrier(real_of(file)); }

static int file_shm_unmap(sqlite3_file *file, int remove) {
  // The name may belong to the file's next life by now.
  if (is_dead(handle_of(file))) remove = 0;
  return real_of(file)->pMethods->xShmUnmap(real_of(file), remove);
}

// Version 2: shared memory for the wal-index, no memory maps.
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

// MARK: - The VFS's methods

// Opens the real file behind `at`. SQLite calls xClose only where pMethods was set.
static int open_real(handle *at, const char *path, int flags, int *flags_out) {
  int code = base->xOpen(base, path, at->real, flags, flags_out);
  if (at->real->pMethods == NULL) return code;
  if (code == SQLITE_OK) at->file.pMethods = &methods;
  else at->real->pMethods->xClose(at->real);
  return code;
}

static int vfs_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *flags_out) {
  (void)vfs;
  handle *at = handle_of(file);
  *at = (handle){.real = (sqlite3_file *)(at + 1)};
  at->real->pMethods = NULL;

  pthread_mutex_lock(&lock);
  area *in = path == NULL ? NULL : area_of(path);
  if (in == NULL) {
    pthread_mutex_unlock(&lock);
    return open_real(at, path, flags, flags_out);
  }
  int code = strike(in, FAULT_DISK_OPEN);
  if (code != SQLITE_OK) return leave(code);
  node *opened = node_at(in, path);
  if (opened == NULL) opened = node_make(in, path);
  code = open_real(at, path, flags, flags_out);
  if (code != SQLITE_OK) return leave(code);
  if (!opened->exists) {
    node_record(opened, CHANGE_CREATE, 0, NULL, 0);
    opened->exists = true;
  }
  opened->handles += 1;
  at->node = opened;
  at->life = opened->lives;
  return leave(SQLITE_OK);
}

static int vfs_delete(sqlite3_vfs *vfs, const char *path, int sync_folder) {
  (void)vfs;
  pthread_mutex_lock(&lock);
  area *in = area_of(path);
  int code = in == NULL ? SQLITE_OK : strike(in, FAULT_DISK_DELETE);
  if (code == SQLITE_OK) code = base->xDelete(base, path, sync_folder);
  node *gone = in == NULL || code != SQLITE_OK ? NULL : node_at(in, path);
  if (gone != NULL) {
    gone->exists = false;
    node_record(gone, CHANGE_DELETE, 0, NULL, 0);
    if (sync_folder) {
      content_apply(&gone->durable, gone->last);
      node_forget_changes(gone);
    }
  }
  return leave(code);
}

static int vfs_access(sqlite3_vfs *vfs, const char *path, int flags, int *answer) {
  (void)vfs;
  return base->xAccess(base, path, flags, answer);
}
static int vfs_full_pathname(sqlite3_vfs *vfs, const char *path, int size, char *into) {
  (void)vfs;
  return base->xFullPathname(base, path, size, into);
}
static void *vfs_dl_open(sqlite3_vfs *vfs, const char *path) {
  (void)vfs;
  return base->xDlOpen(base, path);
}
static void vfs_dl_error(sqlite3_vfs *vfs, int size, char *into) {
  (void)vfs;
  base->xDlError(base, size, into);
}
static void (*vfs_dl_symbol(sqlite3_vfs *vfs, void *library, const char *name))(void) {
  (void)vfs;
  return base->xDlSym(base, library, name);
}
static void vfs_dl_close(sqlite3_vfs *vfs, void *library) {
  (void)vfs;
  base->xDlClose(base, library);
}
static int vfs_randomness(sqlite3_vfs *vfs, int size, char *into) {
  (void)vfs;
  return base->xRandomness(base, size, into);
}
static int vfs_sleep(sqlite3_vfs *vfs, int microseconds) {
  (void)vfs;
  return base->xSleep(base, microseconds);
}
static int vfs_current_time(sqlite3_vfs *vfs, double *into) {
  (void)vfs;
  return base->xCurrentTime(base, into);
}
static int vfs_last_error(sqlite3_vfs *vfs, int size, char *into) {
  (void)vfs;
  return base->xGetLastError(base, size, into);
}
static int vfs_current_time_64(sqlite3_vfs *vfs, sqlite3_int64 *into) {
  (void)vfs;
  return base->xCurrentTimeInt64(base, into);
}

// MARK: - What tests call

int fault_disk_register(void) {
  pthread_mutex_lock(&lock);
  if (registered) return leave(SQLITE_OK);
  int code = sqlite3_initialize();
  if (code != SQLITE_OK) return leave(code);
  base = sqlite3_vfs_find("unix");
  if (base == NULL) return leave(SQLITE_NOTFOUND);
  shim = (sqlite3_vfs){
      .iVersion = 2,
      .szOsFile = (int)sizeof(handle) + base->szOsFile,
      .mxPathname = base->mxPathname,
      .zName = "fault-disk",
      .xOpen = vfs_open,
      .xDelete = vfs_delete,
      .xAccess = vfs_access,
      .xFullPathname = vfs_full_pathname,
      .xDlOpen = vfs_dl_open,
      .xDlError = vfs_dl_error,
      .xDlSym = vfs_dl_symbol,
      .xDlClose = vfs_dl_close,
      .xRandomness = vfs_randomness,
      .xSleep = vfs_sleep,
      .xCurrentTime = vfs_current_time,
      .xGetLastError = vfs_last_error,
      .xCurrentTimeInt64 = vfs_current_time_64,
  };
  code = sqlite3_vfs_register(&shim, 1);
  registered = code == SQLITE_OK;
  return leave(code);
}

int fault_disk_begin(const char *folder) {
  char real[PATH_MAX];
  struct stat what;
  if (realpath(folder, real) == NULL || stat(real, &what) != 0 || !S_ISDIR(what.st_mode)) return SQLITE_CANTOPEN;
  pthread_mutex_lock(&lock);
  if (area_named(folder) != NULL) return leave(SQLITE_MISUSE);
  area *made = checked(calloc(1, sizeof *made));
  made->folder = checked(strdup(real));
  made->next = areas;
  areas = made;
  return leave(SQLITE_OK);
}

void fault_disk_end(const char *folder) {
  pthread_mutex_lock(&lock);
  area *ended = area_named(folder);
  if (ended != NULL) {
    area **link = &areas;
    while (*link != ended) link = &(*link)->next;
    *link = ended->next;
    for (node *each = ended->nodes, *next; each != NULL; each = next) {
      next = each->next;
      each->area = NULL;
      if (each->handles == 0) node_free(each);
    }
    free(ended->folder);
    free(ended);
  }
  pthread_mutex_unlock(&lock);
}

// Puts `held` where the file was, as a new inode: within one process SQLite shares locks and the wal-index among
// handles of one inode, and nothing of the old life may reach the new one.
static bool put_back(const char *path, const content *held) {
  if (!held->exists) {
    unlink(path);
    return access(path, F_OK) != 0;
  }
  char fresh[PATH_MAX];
  if (snprintf(fresh, sizeof fresh, "%s.fresh", path) >= (int)sizeof fresh) return false;
  struct stat before;
  bool had_mode = stat(path, &before) == 0;
  FILE *file = fopen(fresh, "wb");
  if (file == NULL) return false;
  if (had_mode) fchmod(fileno(file), before.st_mode & 07777);
  bool whole = fwrite(held->bytes, 1, (size_t)held->size, file) == (size_t)held->size;
  whole = fclose(file) == 0 && whole;
  return whole && rename(fresh, path) == 0;
}

static bool node_crash(node *at, uint64_t *state) {
  if (state != NULL) {
    for (change *each = at->first; each != NULL; each = each->next)
      if (!content_apply_torn(&at->durable, each, state)) break;
  }
  node_forget_changes(at);
  at->lives += 1;
  at->exists = at->durable.exists;
  char index[PATH_MAX];
  if (snprintf(index, sizeof index, "%s-shm", at->path) < (int)sizeof index) unlink(index);
  return put_back(at->path, &at->durable);
}

static int crash(const char *folder, uint64_t *state) {
  pthread_mutex_lock(&lock);
  area *in = area_named(folder);
  if (in == NULL) return leave(SQLITE_MISUSE);
  bool whole = true;
  for (node *each = in->nodes; each != NULL; each = each->next) whole = node_crash(each, state) && whole;
  return leave(whole ? SQLITE_OK : SQLITE_IOERR);
}

int fault_disk_crash(const char *folder) { return crash(folder, NULL); }

int fault_disk_crash_torn(const char *folder, uint64_t seed) { return crash(folder, &seed); }

int fault_disk_fail(const char *folder, enum fault_disk_call call, int64_t nth, int code, bool forever) {
  pthread_mutex_lock(&lock);
  area *in = area_named(folder);
  if (in == NULL) return leave(SQLITE_MISUSE);
  in->plans[call] = (plan){.remaining = nth, .code = code, .forever = forever};
  return leave(SQLITE_OK);
}

int64_t fault_disk_count(const char *folder, enum fault_disk_call call) {
  pthread_mutex_lock(&lock);
  area *in = area_named(folder);
  int64_t count = in == NULL ? -1 : in->counts[call];
  pthread_mutex_unlock(&lock);
  return count;
}

int64_t fault_disk_unsynced(const char *folder) {
  pthread_mutex_lock(&lock);
  area *in = area_named(folder);
  int64_t count = in == NULL ? -1 : 0;
  for (node *each = in == NULL ? NULL : in->nodes; each != NULL; each = each->next)
    for (change *made = each->first; made != NULL; made = made->next) count += 1;
  pthread_mutex_unlock(&lock);
  return count;
}
