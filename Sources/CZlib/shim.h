// zlib, and functions for its macros, which Swift does not import.

#ifndef MARTLET_CZLIB_H
#define MARTLET_CZLIB_H

#include <zlib.h>

// `windowBits` tells the format: −15 raw, as in zip; 31 gzip; 47 gzip or zlib, by the header.
static inline int mt_inflate_init(z_stream *stream, int windowBits) { return inflateInit2(stream, windowBits); }
static inline int mt_deflate_init(z_stream *stream, int level, int windowBits) {
  return deflateInit2(stream, level, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY);
}

#endif
