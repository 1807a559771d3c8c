// The system's zlib, with plain functions in place of the macros that Swift does not import.
#ifndef TAIZHANG_CZLIB_SHIM_H
#define TAIZHANG_CZLIB_SHIM_H

#include <zlib.h>

/// deflateInit2 with gzip framing (windowBits 15 + 16) and the default memory level.
static inline int tz_deflate_init_gzip(z_streamp stream, int level) {
  return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}

/// inflateInit2 that accepts gzip framing only.
static inline int tz_inflate_init_gzip(z_streamp stream) {
  return inflateInit2(stream, 15 + 16);
}

/// deflateInit2 without framing, 32 KiB window, the default memory level.
static inline int tz_deflate_init_raw(z_streamp stream, int level) {
  return deflateInit2(stream, level, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
}

/// inflateInit2 without framing.
static inline int tz_inflate_init_raw(z_streamp stream) {
  return inflateInit2(stream, -15);
}

#endif
