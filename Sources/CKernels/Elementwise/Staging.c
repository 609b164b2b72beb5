// Runs a loop over a plane, tile by tile through the first-level cache if the memory layout calls for it. An operand
// that is strided across the result is transposed into a tile. A result too large for every cache is written past the
// caches.

#include <stdalign.h>

#include "CKernels.h"

#define MT_TILE_BYTES 16384
#define MT_TILE_COLUMNS 64
// The columns of a tile if no operand is transposed and only the result is staged.
#define MT_STREAM_ELEMENTS 1024
#define MT_LINE 64

static MTUnaryLoop copyOf(intptr_t size) {
  return size == 1   ? martlet_kernels_u8->copy
         : size == 2 ? martlet_kernels_u16->copy
         : size == 4 ? martlet_kernels_u32->copy
         : size == 8 ? martlet_kernels_u64->copy
                     : martlet_kernels_c128->copy;
}

static int isCrosswise(MTOperand x) { return x.plane.outer == 1 && x.plane.inner != 1 && x.plane.inner != 0; }

static MTOperand at(MTOperand x, intptr_t o, intptr_t i) {
  x.plane.base = (char *)x.plane.base + (o * x.plane.outer + i * x.plane.inner) * x.size;
  return x;
}

static void call(const MTLoop *loop, MTOperand y, MTOperand a, MTOperand b, MTOperand c, intptr_t outer,
                 intptr_t inner) {
  if (loop->unary) loop->unary(a.plane, y.plane, outer, inner, loop->p, loop->q);
  else if (loop->binary) loop->binary(a.plane, b.plane, y.plane, outer, inner, loop->p);
  else if (loop->select) loop->select(a.plane, b.plane, c.plane, y.plane, outer, inner);
  else copyOf(y.size)(a.plane, y.plane, outer, inner, 0, 0);
}

static MTOperand transposed(MTOperand x, void *tile, intptr_t rows, intptr_t columns) {
  if (!isCrosswise(x)) return x;
  const MTOperand packed = {{tile, MT_TILE_COLUMNS, 1}, x.size};
  copyOf(x.size)(x.plane, packed.plane, rows, columns, 0, 0);
  return packed;
}

// The next elements of an operand along a row, or `none` if the operand does not advance along the row.
typedef struct {
  const char *next;
  intptr_t step;  // The bytes that correspond to a line of the result.
} MTAhead;

static MTAhead ahead(MTOperand x, intptr_t columns, const char *none, intptr_t size) {
  if (x.plane.inner != 1) return (MTAhead){none, 0};
  return (MTAhead){(const char *)x.plane.base + columns * x.size, MT_LINE * x.size / size};
}

// Writes a row past the caches, and prefetches the operands of the next one, since the CPU's own prefetching stops at
// pages.
static void stream(char *to, const char *from, intptr_t bytes, MTAhead a, MTAhead b, MTAhead c) {
  typedef char Vector __attribute__((vector_size(16), aligned(1)));
  typedef char Line __attribute__((vector_size(16)));
  intptr_t k = 0;
  for (; k < bytes && (uintptr_t)(to + k) % MT_LINE != 0; k++) to[k] = from[k];
  for (; k + MT_LINE <= bytes; k += MT_LINE) {
    __builtin_prefetch(a.next);
    __builtin_prefetch(b.next);
    __builtin_prefetch(c.next);
    a.next += a.step, b.next += b.step, c.next += c.step;
    for (intptr_t part = k; part < k + MT_LINE; part += 16)
      __builtin_nontemporal_store((Line) * (const Vector *)(from + part), (Line *)(to + part));
  }
  for (; k < bytes; k++) to[k] = from[k];
}

static intptr_t smaller(intptr_t a, intptr_t b) { return a < b ? a : b; }

static intptr_t widest(MTOperand y, MTOperand a, MTOperand b, MTOperand c) {
  const intptr_t sizes[] = {y.size, a.size, b.size, c.size};
  intptr_t size = 1;
  for (int k = 0; k < 4; k++) size = sizes[k] > size ? sizes[k] : size;
  return size;
}

void martlet_run_loop(MTLoop loop, MTOperand y, MTOperand a, MTOperand b, MTOperand c, intptr_t outer,
                      intptr_t inner, int streams) {
  const int copies = !loop.unary && !loop.binary && !loop.select;
  const int count = loop.select ? 3 : loop.binary ? 2 : 1;
  const int crosswise = isCrosswise(a) || isCrosswise(b) || isCrosswise(c);
  streams = streams && y.plane.inner == 1 && inner >= MT_TILE_COLUMNS;
  // A copy transposes by itself.
  if (!streams && (copies || !crosswise)) return call(&loop, y, a, b, c, outer, inner);

  alignas(MT_LINE) char tiles[4][MT_TILE_BYTES];
  const intptr_t width = crosswise ? MT_TILE_COLUMNS : MT_STREAM_ELEMENTS;
  const intptr_t height = crosswise ? MT_TILE_BYTES / MT_TILE_COLUMNS / widest(y, a, b, c) : 1;
  for (intptr_t o = 0; o < outer; o += height)
    for (intptr_t i = 0; i < inner; i += width) {
      const intptr_t rows = smaller(height, outer - o), columns = smaller(width, inner - i);
      const MTOperand ta = transposed(at(a, o, i), tiles[1], rows, columns);
      const MTOperand tb = count > 1 ? transposed(at(b, o, i), tiles[2], rows, columns) : ta;
      const MTOperand tc = count > 2 ? transposed(at(c, o, i), tiles[3], rows, columns) : ta;
      const MTOperand to = at(y, o, i);
      if (!streams) {
        call(&loop, to, ta, tb, tc, rows, columns);
        continue;
      }
      const int isReady = copies && ta.plane.inner == 1;
      const MTOperand result = isReady ? ta : (MTOperand){{tiles[0], width, 1}, y.size};
      if (!isReady) call(&loop, result, ta, tb, tc, rows, columns);
      for (intptr_t row = 0; row < rows; row++) {
        const char *from = at(result, row, 0).plane.base;
        stream(at(to, row, 0).plane.base, from, columns * y.size, ahead(at(a, o + row, i), columns, from, y.size),
               ahead(at(b, o + row, i), columns, from, y.size), ahead(at(c, o + row, i), columns, from, y.size));
      }
    }
  // Other threads may read the result next, and a lock alone does not order non-temporal stores.
  if (streams) __atomic_thread_fence(__ATOMIC_SEQ_CST);
}
