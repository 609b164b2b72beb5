// Loops over elements. They take pointers, strides and counts; they do not allocate, start threads or keep state.
//
// Each line of the lists below declares a kernel. It defines the kernel's constant (Swift's `.exp`) and the index of
// its entry in the table. The family's file must define the kernel for each element type.

#ifndef MARTLET_CKERNELS_H
#define MARTLET_CKERNELS_H

#include <stdint.h>

#include "Random.h"

// The integer types but for Bool, whose bytes are computed as u8: X(name, C's type, …).
#define MT_INTEGERS(X, ...) \
  X(i64, int64_t, __VA_ARGS__) \
  X(i32, int32_t, __VA_ARGS__) \
  X(u8, uint8_t, __VA_ARGS__) \
  X(i8, int8_t, __VA_ARGS__) \
  X(i16, int16_t, __VA_ARGS__) \
  X(u16, uint16_t, __VA_ARGS__) \
  X(u32, uint32_t, __VA_ARGS__) \
  X(u64, uint64_t, __VA_ARGS__)
// The complex types, likewise.
#define MT_COMPLEXES(X, ...) \
  X(c64, float _Complex, __VA_ARGS__) \
  X(c128, double _Complex, __VA_ARGS__)

// y = f(x). The first list is for every real element type, the second only for float and double. Complex elements have
// some of both, and the third list. Their absolute value and their angle are real.
#define MT_UNARY(X) \
  X(negate) \
  X(absolute) \
  X(sign)
#define MT_UNARY_FLOATING(X) \
  X(clamp) \
  X(exp) \
  X(log) \
  X(squareRoot) \
  X(tanh) \
  X(sigmoid) \
  X(relu) \
  X(erf) \
  X(sin) \
  X(cos) \
  X(gelu) \
  X(geluTanh) \
  X(leakyRelu) \
  X(elu) \
  X(softplus) \
  X(silu) \
  X(mish) \
  X(tanhshrink) \
  X(floor) \
  X(ceil) \
  X(round) \
  X(trunc) \
  X(frac) \
  X(rsqrt) \
  X(log1p) \
  X(expm1) \
  X(exp2) \
  X(log2) \
  X(log10) \
  X(tan) \
  X(asin) \
  X(acos) \
  X(atan) \
  X(sinh) \
  X(cosh) \
  X(asinh) \
  X(acosh) \
  X(atanh) \
  X(sinc) \
  X(logit) \
  X(replaceInfinities) \
  X(exponent)
#define MT_UNARY_COMPLEX(X) \
  X(conjugate) \
  X(angle)

// Special functions of float and double; see Special.c.
#define MT_UNARY_SPECIAL(X) \
  X(erfc) \
  X(erfcx) \
  X(erfinv) \
  X(normalCDF) \
  X(logNormalCDF) \
  X(normalQuantile) \
  X(logGamma) \
  X(digamma) \
  X(polygamma) \
  X(besselI0) \
  X(besselI1) \
  X(scaledBesselI0) \
  X(scaledBesselI1) \
  X(besselJ0) \
  X(besselJ1) \
  X(besselY0) \
  X(besselY1) \
  X(besselK0) \
  X(besselK1) \
  X(scaledBesselK0) \
  X(scaledBesselK1) \
  X(orthogonalPolynomial)

// y = f(a, b). The first list is for every element type, the next for float and double, the last for integers.
#define MT_BINARY(X) \
  X(add) \
  X(subtract) \
  X(multiply) \
  X(divide) \
  X(maximum) \
  X(minimum) \
  X(remainder) \
  X(fmod) \
  X(floorDivide) \
  X(heaviside)
#define MT_BINARY_FLOATING(X) \
  X(addScaled) \
  X(power) \
  X(reluGradient) \
  X(tanhGradient) \
  X(sigmoidGradient) \
  X(geluGradient) \
  X(geluTanhGradient) \
  X(leakyReluGradient) \
  X(eluGradient) \
  X(siluGradient) \
  X(mishGradient) \
  X(logisticLoss) \
  X(logisticSlope) \
  X(hypot) \
  X(atan2) \
  X(logAddExp) \
  X(xlogy) \
  X(xlog1py) \
  X(lerp) \
  X(fmax) \
  X(fmin) \
  X(copySign) \
  X(nextAfter) \
  X(scaleByPower)
#define MT_BINARY_SPECIAL(X) \
  X(zeta) \
  X(gammaP) \
  X(gammaQ)
#define MT_BINARY_INTEGER(X) \
  X(bitAnd) \
  X(bitOr) \
  X(bitXor) \
  X(shiftLeft) \
  X(shiftRight) \
  X(gcd) \
  X(lcm)

// y = 1 if the comparison of a and b holds, else 0; y is a byte. signBit tests the sign of a, also that of −0 and NaN.
#define MT_COMPARE(X) \
  X(equal) \
  X(notEqual) \
  X(less) \
  X(lessEqual) \
  X(signBit)

// Reductions of all elements to one. Sums and products of integers are int64_t.
#define MT_REDUCE(X) \
  X(sum) \
  X(maximum) \
  X(minimum) \
  X(product)

// Searches for the index of one element.
#define MT_LOCATE(X) \
  X(maximum) \
  X(minimum)

// Scans: element k is the result of the elements up to k. The first list is for every element type, the second only
// for float and double. Sums and products of integers are int64_t.
#define MT_SCAN(X) \
  X(sum) \
  X(product) \
  X(maximum) \
  X(minimum)
#define MT_SCAN_FLOATING(X) \
  X(logSumExp) \
  X(recurrence)

// Changes of elements at indices: each is set to a value or combined with it.
#define MT_SCATTER(X) \
  X(put) \
  X(add) \
  X(multiply) \
  X(maximum) \
  X(minimum)

// Operations on whole contiguous rows, for float and double.
#define MT_ROWS(X) \
  X(softmax) \
  X(logSoftmax) \
  X(softmaxGradient) \
  X(logSoftmaxGradient)

// The steps of recurrences, for float and double.
#define MT_RECURRENCE(X) \
  X(tanh) \
  X(sigmoid) \
  X(relu) \
  X(lstm) \
  X(gru)

// Update rules of optimizers, and three other changes of a parameter: w = ηw, w clamped to ±η, w = w + η(g − w).
#define MT_UPDATE(X) \
  X(sgd) \
  X(adam) \
  X(rmsProp) \
  X(adagrad) \
  X(adadelta) \
  X(adamax) \
  X(nadam) \
  X(radam) \
  X(lion) \
  X(rprop) \
  X(asgd) \
  X(scale) \
  X(limit) \
  X(average)

#define MT_ENUM(name) typedef enum __attribute__((enum_extensibility(closed))) name
#define MT_CASE(name) __attribute__((swift_name(#name)))
#define MT_UNARY_CASE(name) MTUnary_##name MT_CASE(name),
#define MT_BINARY_CASE(name) MTBinary_##name MT_CASE(name),
#define MT_COMPARE_CASE(name) MTCompare_##name MT_CASE(name),
#define MT_REDUCE_CASE(name) MTReduce_##name MT_CASE(name),
#define MT_LOCATE_CASE(name) MTLocate_##name MT_CASE(name),
#define MT_SCAN_CASE(name) MTScan_##name MT_CASE(name),
#define MT_SCATTER_CASE(name) MTScatter_##name MT_CASE(name),
#define MT_ROWS_CASE(name) MTRows_##name MT_CASE(name),
#define MT_RECURRENCE_CASE(name) MTRecurrence_##name MT_CASE(name),
#define MT_UPDATE_CASE(name) MTRule_##name MT_CASE(name),
MT_ENUM(MTUnary) : int32_t {
  MT_UNARY(MT_UNARY_CASE) MT_UNARY_FLOATING(MT_UNARY_CASE) MT_UNARY_COMPLEX(MT_UNARY_CASE)
  MT_UNARY_SPECIAL(MT_UNARY_CASE)
} MTUnary;
MT_ENUM(MTBinary) : int32_t {
  MT_BINARY(MT_BINARY_CASE) MT_BINARY_FLOATING(MT_BINARY_CASE) MT_BINARY_SPECIAL(MT_BINARY_CASE)
  MT_BINARY_INTEGER(MT_BINARY_CASE)
} MTBinary;
MT_ENUM(MTCompare) : int32_t { MT_COMPARE(MT_COMPARE_CASE) } MTCompare;
MT_ENUM(MTReduce) : int32_t { MT_REDUCE(MT_REDUCE_CASE) } MTReduce;
MT_ENUM(MTLocate) : int32_t { MT_LOCATE(MT_LOCATE_CASE) } MTLocate;
MT_ENUM(MTScan) : int32_t { MT_SCAN(MT_SCAN_CASE) MT_SCAN_FLOATING(MT_SCAN_CASE) } MTScan;
MT_ENUM(MTScatter) : int32_t { MT_SCATTER(MT_SCATTER_CASE) } MTScatter;
MT_ENUM(MTRows) : int32_t { MT_ROWS(MT_ROWS_CASE) } MTRows;
MT_ENUM(MTRecurrence) : int32_t { MT_RECURRENCE(MT_RECURRENCE_CASE) } MTRecurrence;
MT_ENUM(MTRule) : int32_t { MT_UPDATE(MT_UPDATE_CASE) } MTRule;

// A plane of elements: element (o, i) is at base + o * outer + i * inner. Strides are counted in elements.
typedef struct {
  void *base;
  intptr_t outer, inner;
} MTPlane;

// The signatures of kernels. `outer` and `inner` are extents; p and q are the operation's scalars.
typedef void (*MTUnaryLoop)(MTPlane x, MTPlane y, intptr_t outer, intptr_t inner, double p, double q);
typedef void (*MTBinaryLoop)(MTPlane a, MTPlane b, MTPlane y, intptr_t outer, intptr_t inner, double p);
typedef void (*MTSelectLoop)(MTPlane mask, MTPlane a, MTPlane b, MTPlane y, intptr_t outer, intptr_t inner);
// y[o] is reduced over i (rows), or y[i] over o (columns).
typedef void (*MTReduceLoop)(MTPlane x, void *y, intptr_t outer, intptr_t inner);
typedef void (*MTLocateLoop)(MTPlane x, int64_t *y, intptr_t outer, intptr_t inner);
// The lines along an axis of elements without gaps, [outer, length, inner]: line o * inner + i.
typedef struct {
  intptr_t length, inner;
  int isReversed;  // from the last element of a line to the first
} MTLines;
// Scans the lines from ..< to; see Scans.c. `factors` and `indices` are null unless the scan uses them.
typedef void (*MTScanLoop)(const void *x, const void *factors, void *y, int64_t *indices, MTLines lines,
                           intptr_t from, intptr_t to);
// The gradient dx of the products of lines x, from the gradients g of the products.
typedef void (*MTProductSlopesLoop)(const void *x, const void *g, void *dx, intptr_t lines, intptr_t length);
typedef void (*MTRowsLoop)(const void *x, const void *y, void *z, intptr_t rows, intptr_t count);
// Normalises the rows of x. `statistics` [rows, 2] holds the mean of each row and 1 / its standard deviation.
typedef void (*MTLayerNormLoop)(const void *x, const void *weight, const void *bias, void *y, void *statistics,
                                intptr_t rows, intptr_t count, double epsilon);
// The gradients of layer norm: dx, and `sums` [2, count] of the weight and the bias over these rows. Either may be
// null.
typedef void (*MTLayerNormGradientLoop)(const void *x, const void *weight, const void *g, const void *statistics,
                                        void *dx, void *sums, intptr_t rows, intptr_t count);
// The layout of the elements in memory: [outer, channels, inner].
typedef struct {
  intptr_t outer, channels, inner;
} MTPlanes;
// RMS norm of rows, and the steps of batch and group norm on the channels or rows from ..< to; see Normalization.c.
typedef struct {
  void (*rms)(const void *x, const void *weight, void *y, void *scales, intptr_t rows, intptr_t count, double epsilon);
  void (*rmsGradient)(const void *x, const void *weight, const void *g, const void *scales, void *dx, void *dw,
                      intptr_t rows, intptr_t count);
  void (*moments)(const void *x, void *mean, void *variance, MTPlanes planes, intptr_t from, intptr_t to);
  void (*scale)(const void *x, const void *centres, const void *factors, const void *shifts, void *y,
                MTPlanes planes, intptr_t from, intptr_t to);
  void (*gradientSums)(const void *x, const void *g, const void *centres, const void *scales, void *sum, void *along,
                       MTPlanes planes, intptr_t span, intptr_t from, intptr_t to);
  void (*combine)(const void *x, const void *g, const void *centres, const void *factors, const void *slopes,
                  const void *shifts, void *dx, MTPlanes planes, intptr_t from, intptr_t to);
} MTNormalizing;
// Blocks of rows: element (o, r, i) is at base + o * block + r * row + i * inner. Strides are counted in elements.
typedef struct {
  void *base;
  intptr_t block, row, inner;
} MTBlocks;
// Moves elements by indices along the rows; `inner` is 1 for x and y. `gather` copies x[o][indices[o][r][i]][i] to
// y[o][r][i]. A scatter loop combines y[o][indices[o][r][i]][i] with x[o][r][i], in the order of the rows. Indices whose
// strides are 0 are shared by the blocks, or by the elements of a row.
typedef void (*MTIndexLoop)(MTBlocks x, MTBlocks indices, MTBlocks y, intptr_t outer, intptr_t rows, intptr_t count);
// Writes x [outer, inner] into y [outer, length, inner], at an index along `length`. The other elements of y are 0.
typedef void (*MTPlaceLoop)(const void *x, const int64_t *indices, void *y, intptr_t outer, intptr_t length,
                            intptr_t inner);
// Resamples an axis of [outer, n, inner] to m positions between two neighbours each, or transposed; see Resampling.c.
typedef void (*MTResampleLoop)(const void *x, const int64_t *lower, const void *weights, void *y, intptr_t outer,
                               intptr_t n, intptr_t m, intptr_t inner);
// The same with `taps` neighbours for each position, from lower[j] on, and their weights [m, taps].
typedef void (*MTFilterLoop)(const void *x, const int64_t *lower, const void *weights, intptr_t taps, void *y,
                             intptr_t outer, intptr_t n, intptr_t m, intptr_t inner);
// The loss of each row for its label. `statistics` [rows, 2] holds the largest element and 1 / Σ exp(x − largest).
typedef void (*MTCrossEntropyLoop)(const void *logits, const int64_t *labels, void *losses, void *statistics,
                                   intptr_t rows, intptr_t count);
// The logarithm of the sum of exponentials of each row.
typedef void (*MTLogSumExpLoop)(const void *x, void *y, intptr_t rows, intptr_t count);
// Computes the gradient of the logits from the gradient of the losses.
typedef void (*MTCrossEntropyGradientLoop)(const void *logits, const int64_t *labels, const void *statistics,
                                           const void *g, void *z, intptr_t rows, intptr_t count);

// Windows that slide over an image with the axes depth, height and width; missing leading axes have extent 1. Along an
// axis, output o sees the pixels o · stride + tap · dilation − padding, for each tap of the kernel.
typedef struct {
  intptr_t size[3], kernel[3], stride[3], padding[3], dilation[3], out[3];
} MTWindows;
// The loops of Convolution.c, over `channels` channels and the outputs from ..< to, counted in row-major order.
typedef struct {
  void (*unfold)(const void *x, void *columns, const MTWindows *windows, intptr_t channels, intptr_t from, intptr_t to);
  void (*fold)(void *columns, void *x, const MTWindows *windows, intptr_t channels, intptr_t from, intptr_t to);
  void (*channel)(const void *x, const void *kernel, void *y, const MTWindows *windows);
  void (*channelInput)(const void *g, const void *kernel, void *dx, const MTWindows *windows);
  void (*channelKernel)(const void *x, const void *g, void *dkernel, const MTWindows *windows);
} MTConvolutionLoops;

// A matrix of `depth` rows and groups · units columns, in panels; see PackedMatrix.c.
typedef struct {
  intptr_t groups, units, depth;
} MTPanels;
typedef struct {
  intptr_t (*width)(intptr_t groups);  // the units of each group in a panel, for 1, 3 or 4 groups
  void (*pack)(const void *matrix, intptr_t row, intptr_t column, void *panels, MTPanels shape, intptr_t from,
               intptr_t to);
  void (*multiply)(const void *x, intptr_t rows, const void *panels, void *y, MTPanels shape, intptr_t from,
                   intptr_t to, int adds);
} MTPanelLoops;

// Images for convolutions with 3 × 3 kernels, with `top` and `left` pixels of padding, and the size of the output; see
// Winograd.c.
typedef struct {
  intptr_t height, width, top, left, outHeight, outWidth;
} MTTiledPlane;
// The largest number of tiles of 2 × 2 outputs that are transformed at once.
#define MT_WINOGRAD_TILES 128
typedef struct {
  void (*kernels)(const void *kernels, intptr_t rowStride, intptr_t columnStride, intptr_t rows, intptr_t columns,
                  void *matrices, intptr_t from, intptr_t to, int flipped);
  void (*images)(const void *x, intptr_t step, intptr_t channels, const MTTiledPlane *plane, intptr_t from, intptr_t to,
                 void *panels, intptr_t width);
  void (*outputs)(const void *sums, intptr_t matrix, intptr_t tiles, const void *bias, void *y, intptr_t step,
                  intptr_t channels, const MTTiledPlane *plane, intptr_t from, intptr_t to, int adds);
  void (*gradients)(const void *g, intptr_t step, intptr_t channels, const MTTiledPlane *plane, intptr_t from, intptr_t to,
                    void *panels, intptr_t width);
  void (*kernelGradients)(const void *matrices, intptr_t rows, intptr_t columns, void *kernels, intptr_t rowStride,
                          intptr_t from, intptr_t to);
} MTWinogradLoops;

// One step of a recurrence over a batch. A row has `hidden` units, and as many numbers for each gate. A field that a
// recurrence does not use is null.
typedef struct {
  intptr_t hidden, step;
  const int64_t *lengths;           // the steps of each row's sequence, or null if none ends early
  void *gates;                      // the input's contribution to the gates; after the step, the gates
  const void *projected, *bias;     // the state's contribution, and the bias
  const void *state, *cell;         // before the step
  void *next, *nextCell;            // after the step
  void *candidate;                  // the state's contribution to GRU's candidate
  const void *g, *gCell;            // the gradients of the step's results, or null
  void *dState, *dCell;             // in: gradients of the state after the step; out: before it, less the product
  void *dGates, *dProjected;        // gradients of the input's contribution and, if it differs, of the state's
} MTRecurrentStep;
// The rows and units of a part of a step or of its gradient.
typedef struct {
  intptr_t firstRow, endRow, firstUnit, endUnit;
} MTRecurrentPart;
typedef struct {
  void (*on)(const MTRecurrentStep *step, MTRecurrentPart part);
  void (*back)(const MTRecurrentStep *step, MTRecurrentPart part);
} MTRecurrentLoops;

// The computation of scores from a tile of query-by-key products: x · scale, then −∞ where `allowed` is 0, or plus
// `bias`. Both may be null. Row r sees the columns below reach + r.
typedef struct {
  double scale;
  const uint8_t *allowed;
  const void *bias;
  intptr_t maskRow, maskColumn;
  intptr_t reach;
} MTScores;
// The loops of Attention.c. A tile has `rows` queries and `columns` keys. Outputs and their gradients have `width`
// elements per row, and rows are `yRow` or `gRow` elements apart.
typedef struct {
  void (*weigh)(void *tile, MTScores scores, void *largest, void *totals, void *y, intptr_t yRow, intptr_t rows,
                intptr_t columns, intptr_t width, int isFirst);
  void (*finish)(const void *largest, void *totals, void *y, intptr_t yRow, intptr_t rows, intptr_t width);
  void (*along)(const void *g, intptr_t gRow, const void *y, intptr_t yRow, void *sums, intptr_t rows, intptr_t width);
  void (*slopes)(void *tile, void *slopes, MTScores scores, const void *logTotals, const void *along, void *biasSlopes,
                 intptr_t biasRow, intptr_t rows, intptr_t columns);
  void (*drop)(void *tile, const void *units, double probability, intptr_t count);
  void (*rotate)(const void *x, const void *cosines, const void *sines, void *y, intptr_t rows, intptr_t positions,
                 intptr_t span, intptr_t count, int isInterleaved);
} MTAttentionLoops;

// Pooling windows over images of three axes, as tables. Along an axis, output o sees every `step`th pixel within
// lower[o] ..< upper[o] and has the factor share[o] in a mean. Paired windows are 2 by 2 and adjacent in the last two
// axes.
typedef struct {
  intptr_t size[3], out[3], step[3];
  const int64_t *lower[3], *upper[3];
  const double *share[3];
  int isPaired;
} MTPool;
// The loops of Pooling.c.
typedef struct {
  void (*largest)(const void *x, void *y, int32_t *places, const MTPool *pool, intptr_t images);
  void (*scatter)(const void *g, const int32_t *places, void *dx, intptr_t pixels, intptr_t windows, intptr_t images);
  void (*pick)(const void *x, const int32_t *places, void *y, intptr_t pixels, intptr_t windows, intptr_t images);
  void (*average)(const void *x, void *y, const MTPool *pool, intptr_t images);
  void (*spread)(const void *g, void *dx, const MTPool *pool, intptr_t images);
} MTPoolLoops;

// Windows of one size at random starts; see FractionalPooling.c. Each channel of an image has one sample in 0...1 for
// each axis. Missing leading axes have extent 1; their starts are 0 for any sample.
typedef struct {
  intptr_t size[3], kernel[3], out[3];
  intptr_t sample[3], samples;  // the number of an axis's sample, and of the samples of an image
} MTFractionalPool;
typedef void (*MTFractionalPoolLoop)(const void *x, const void *samples, void *y, int32_t *places,
                                     const MTFractionalPool *pool, intptr_t images);

// Sampling of images [n, channels, pixels] of two or three axes at the positions of a grid [n, positions, axes].
MT_ENUM(MTGridMode) : int32_t {
  MTGridMode_nearest MT_CASE(nearest),
  MTGridMode_linear MT_CASE(linear),
  MTGridMode_cubic MT_CASE(cubic),
} MTGridMode;
MT_ENUM(MTGridEdge) : int32_t {
  MTGridEdge_zeros MT_CASE(zeros),
  MTGridEdge_border MT_CASE(border),
  MTGridEdge_reflection MT_CASE(reflection),
} MTGridEdge;
typedef struct {
  intptr_t size[3], axes;  // the extents of an image, and their number
  intptr_t channels, pixels, positions;
  MTGridMode mode;
  MTGridEdge edge;
  int isAligned;
} MTGrid;
// The loops of GridSampling.c: positions of all images from ..< to; for `scatter`, channels of all images.
typedef struct {
  void (*sample)(const void *x, const void *grid, void *y, const MTGrid *way, intptr_t from, intptr_t to);
  void (*scatter)(const void *g, const void *grid, void *dx, const MTGrid *way, intptr_t from, intptr_t to);
  void (*slope)(const void *x, const void *grid, const void *g, void *dgrid, const MTGrid *way, intptr_t from,
                intptr_t to);
} MTGridLoops;

// Connectionist temporal classification of one sequence; see TemporalClassification.c.
typedef struct {
  double (*likelihood)(const void *x, intptr_t stride, intptr_t steps, const int64_t *labels, intptr_t count,
                       int64_t blank, double *forward);
  void (*gradient)(const void *x, void *dx, intptr_t stride, intptr_t steps, const int64_t *labels, intptr_t count,
                   int64_t blank, const double *forward, double *backward, double likelihood, double g);
} MTTemporalLoops;

// A plan of discrete Fourier transforms of n elements, of one of four kinds; see FourierPlan.c and Fourier.c.
// - passes of the radices;
// - columns and rows: two transforms with columns->n · rows->n = n, with `side` and `coarse`;
// - inner: a transform of at least 2n − 1 elements, for a prime factor above MT_LARGEST_RADIX;
// - the plan of a real line, which only has `factors`.
// Transforms that are parts of others have passes.
#define MT_LARGEST_RADIX 31
#define MT_IS_ANY_RADIX(r) ((r) > 5 && (r) != 8)
#define MT_MOST_PASSES 48
// The lines that are transformed together, and the elements of as many lines that fit the nearer caches.
#define MT_FOURIER_LINES 16
#define MT_FOURIER_NEAR (1 << 16)
typedef struct MTFourier {
  intptr_t n, passes, radices[MT_MOST_PASSES];
  const void *factors;
  const struct MTFourier *columns, *rows, *inner;
  intptr_t side;
  const double *coarse;
} MTFourier;
typedef struct {
  double factor;  // by which the result is multiplied
  int inverse;    // the exponent has the other sign
} MTFourierScale;
// The loops of Fourier.c. `scratch` tells how many parts the others need; x and y are complex, and a real line of `pack`
// and `unpack` counts as complex elements of half its length.
typedef struct {
  intptr_t (*scratch)(const MTFourier *plan);
  void (*rows)(const MTFourier *plan, const void *x, intptr_t xRow, void *y, intptr_t yRow, intptr_t rows,
               MTFourierScale scale, void *scratch);
  void (*columns)(const MTFourier *plan, const void *x, void *y, intptr_t inner, intptr_t from, intptr_t to,
                  MTFourierScale scale, void *scratch);
  void (*firstStep)(const MTFourier *plan, const void *x, void *between, intptr_t from, intptr_t to,
                    MTFourierScale scale, void *scratch);
  void (*secondStep)(const MTFourier *plan, const void *between, void *y, intptr_t from, intptr_t to,
                     MTFourierScale scale, void *scratch);
  void (*unpack)(const MTFourier *plan, void *row, intptr_t from, intptr_t to);
  void (*pack)(const MTFourier *plan, const void *x, void *y, intptr_t from, intptr_t to);
} MTFourierLoops;
// Factors a length into radices. Returns 0 if a prime factor is too large.
int martlet_fourier_factor(MTFourier *plan, intptr_t n);
// The number of parts of a plan's factors by its kind, and their values, float or double. Of the kind `inner`, the filter
// is not transformed yet. Of the kind `columns`, `coarse` has room for 2 (side + ⌈n / side⌉) numbers.
intptr_t martlet_fourier_count(const MTFourier *plan, int isReal);
void martlet_fourier_fill(const MTFourier *plan, int isReal, int isWide);

// Factorisations of one small matrix and solvers that use them; see SmallMatrices.c. An int result is LAPACK's info.
#define MT_SMALL 32
typedef struct {
  int (*lu)(void *a, int32_t *pivots, intptr_t n);
  int (*cholesky)(void *a, intptr_t n);
  void (*qr)(const void *a, void *q, void *r, intptr_t m, intptr_t n, intptr_t k);
  int (*eigen)(const void *a, void *values, void *vectors, intptr_t n);
  void (*solve)(const void *factors, const int32_t *pivots, const void *b, void *x, intptr_t n, intptr_t columns,
                intptr_t row, int transposed);
  void (*triangle)(const void *matrix, intptr_t down, intptr_t across, int upper, int unitDiagonal, const void *b,
                   void *x, intptr_t n, intptr_t columns, intptr_t row);
} MTSmallMatrices;

// The settings of an update rule for a group of parameters. A rule reads only the fields that it uses.
typedef struct {
  double learningRate, weightDecay, momentum, dampening, beta1, beta2, epsilon, rateDecay;
  double least, most;  // the bounds of Rprop's step sizes; ASGD averages after step number `least`
  int nesterov;
  int decoupled;  // the weight decay shrinks the parameter directly instead of adding to its gradient
  int maximize;
} MTSettings;
// A parameter that an optimizer changes: its memory, its gradient and the state that the rule keeps between steps.
typedef struct {
  void *parameter;
  const void *gradient;
  void *first, *second, *third;
  intptr_t count, steps;  // the number of elements, and of earlier steps
  double product;         // the product of NAdam's momenta up to this step
  MTSettings settings;
} MTUpdate;
// Applies one step to the elements from ..< to, which are counted through the whole list of parameters.
typedef void (*MTUpdateLoop)(const MTUpdate *updates, intptr_t from, intptr_t to);
// Returns Σ|x|ᵖ, or the largest |x| for p = ∞, computed in double. The result is NaN if an element is.
typedef double (*MTPowerSumLoop)(const void *x, intptr_t count, double p);
// The momentum of NAdam in step number `step`. It grows towards beta1.
double martlet_nadam_momentum(MTSettings settings, double step);

// A radix sort of one row in steps, which several threads can share; see Sorting.c. Each piece of the row has elements,
// and counts of 256 digits. The state: the pairs, null before the first move; the half of the keys that they hold; the
// half that is sorted by now, the half after the last, and the shift of the digit.
typedef struct {
  const void *x;
  void *values;
  int64_t *indices;
  uint64_t *scratch;  // as many pairs as the row has elements
  uint32_t *counts;
  intptr_t count, pieces;
  int isDescending;
  uint64_t *pairs;
  int held, half, end, shift;
} MTRadixSort;
// Rows of at most this many elements are sorted without scratch memory.
#define MT_RANKED 128
// Stable sorts of rows, and the steps of a radix sort. The scratch memory of `rows` has the pairs of one row.
typedef struct {
  void (*rows)(const void *x, void *values, int64_t *indices, uint64_t *scratch, intptr_t rows, intptr_t count,
               int isDescending);
  void (*count)(const MTRadixSort *sort, intptr_t piece);
  int (*place)(MTRadixSort *sort);
  void (*move)(const MTRadixSort *sort, intptr_t piece);
  int (*next)(MTRadixSort *sort, int hasMoved);
  void (*unpack)(const MTRadixSort *sort, intptr_t piece);
  int (*settle)(const MTRadixSort *sort, intptr_t piece);
  int (*join)(const MTRadixSort *sort);
} MTSorting;

// The places in the order of a row, NaN last: k, or those of the median; see Selection.c.
MT_ENUM(MTPlace) : int32_t {
  MTPlace_kth MT_CASE(kth),
  MTPlace_median MT_CASE(median),
  MTPlace_medianOfNumbers MT_CASE(medianOfNumbers),
} MTPlace;
// Picks the element at a place of each row, or the first k. Rows have fewer than 2³² elements. The scratch memory of
// `pick` has 4 bytes for each element of a row. That of `top` has as many, and then again as many or 16 bytes for each
// of the k, whichever is more.
typedef struct {
  void (*pick)(const void *x, void *values, int64_t *indices, void *scratch, intptr_t rows, intptr_t count, intptr_t k,
               MTPlace place);
  void (*top)(const void *x, void *values, int64_t *indices, uint64_t *scratch, intptr_t rows, intptr_t count,
              intptr_t k, int isDescending);
  void (*mode)(const void *sorted, const int64_t *indices, void *values, int64_t *places, intptr_t rows,
               intptr_t count);
} MTSelection;
// Searches in a sorted row, and runs of equal neighbours among rows of `width` elements; see Searching.c. `listRuns`
// writes the first row of each run, the run of each row at its index, and the lengths of the runs.
typedef struct {
  void (*search)(const void *sorted, intptr_t length, const void *x, int64_t *y, intptr_t count, int isRight);
  void (*contains)(const void *sorted, intptr_t length, const void *x, uint8_t *y, intptr_t count);
  intptr_t (*countRuns)(const void *rows, intptr_t count, intptr_t width);
  void (*listRuns)(const void *rows, const int64_t *indices, intptr_t count, intptr_t width, void *firsts,
                   int64_t *inverse, int64_t *counts);
  void (*orderRows)(const void *rows, intptr_t count, intptr_t width, int64_t *order, int64_t *scratch);
} MTSearching;
// Adds to the counts of bins, int64_t, or with weights to their sums, double.
typedef void (*MTHistogramLoop)(const void *x, const void *weights, const void *edges, void *y, intptr_t count,
                                intptr_t bins);

// The one list of what a table holds: LIST(type, name) for loops that a constant above selects, ONE(type, name) for
// a loop or a group of loops. The first list is for every element type, the second for real ones, the third only for
// float and double. The file that defines an entry names it martlet_<name>. Other arguments are handed to LIST and ONE.
#define MT_TABLE(LIST, ONE, ...) \
  LIST(MTUnaryLoop, unary, __VA_ARGS__) \
  LIST(MTBinaryLoop, binary, __VA_ARGS__) \
  LIST(MTBinaryLoop, compare, __VA_ARGS__) \
  LIST(MTReduceLoop, reduceRows, __VA_ARGS__) \
  LIST(MTReduceLoop, reduceColumns, __VA_ARGS__) \
  ONE(MTUnaryLoop, copy, __VA_ARGS__) \
  ONE(MTSelectLoop, select, __VA_ARGS__) \
  ONE(MTIndexLoop, gather, __VA_ARGS__) \
  LIST(MTIndexLoop, scatter, __VA_ARGS__) \
  ONE(MTPlaceLoop, place, __VA_ARGS__) \
  LIST(MTScanLoop, scan, __VA_ARGS__)
#define MT_TABLE_REAL(LIST, ONE, ...) \
  LIST(MTLocateLoop, locate, __VA_ARGS__) \
  ONE(MTSorting, sorting, __VA_ARGS__) \
  ONE(MTSelection, selection, __VA_ARGS__) \
  ONE(MTSearching, searching, __VA_ARGS__)
#define MT_TABLE_FLOATING(LIST, ONE, ...) \
  LIST(MTRowsLoop, rows, __VA_ARGS__) \
  ONE(MTProductSlopesLoop, productSlopes, __VA_ARGS__) \
  ONE(MTLogSumExpLoop, logSumExp, __VA_ARGS__) \
  ONE(MTCrossEntropyLoop, crossEntropy, __VA_ARGS__) \
  ONE(MTCrossEntropyGradientLoop, crossEntropyGradient, __VA_ARGS__) \
  ONE(MTLayerNormLoop, layerNorm, __VA_ARGS__) \
  ONE(MTLayerNormGradientLoop, layerNormGradient, __VA_ARGS__) \
  ONE(MTNormalizing, normalizing, __VA_ARGS__) \
  ONE(MTResampleLoop, resample, __VA_ARGS__) \
  ONE(MTResampleLoop, resampleTransposed, __VA_ARGS__) \
  ONE(MTFilterLoop, filter, __VA_ARGS__) \
  ONE(MTFilterLoop, filterTransposed, __VA_ARGS__) \
  ONE(MTConvolutionLoops, convolution, __VA_ARGS__) \
  ONE(MTPanelLoops, panels, __VA_ARGS__) \
  ONE(MTWinogradLoops, winograd, __VA_ARGS__) \
  LIST(MTRecurrentLoops, recurrent, __VA_ARGS__) \
  ONE(MTTemporalLoops, temporal, __VA_ARGS__) \
  ONE(MTPoolLoops, pool, __VA_ARGS__) \
  ONE(MTFractionalPoolLoop, fractionalPool, __VA_ARGS__) \
  ONE(MTGridLoops, grid, __VA_ARGS__) \
  ONE(MTAttentionLoops, attention, __VA_ARGS__) \
  ONE(MTSmallMatrices, small, __VA_ARGS__) \
  ONE(MTFourierLoops, fourier, __VA_ARGS__) \
  LIST(MTUpdateLoop, update, __VA_ARGS__) \
  ONE(MTPowerSumLoop, powerSum, __VA_ARGS__) \
  ONE(MTHistogramLoop, histogram, __VA_ARGS__)

// All kernels of one element type. An entry is null if the type does not have the kernel.
#define MT_LIST_FIELD(type, name, ...) const type *name;
#define MT_ONE_FIELD(type, name, ...) type name;
typedef struct {
  MT_TABLE(MT_LIST_FIELD, MT_ONE_FIELD, )
  MT_TABLE_REAL(MT_LIST_FIELD, MT_ONE_FIELD, )
  MT_TABLE_FLOATING(MT_LIST_FIELD, MT_ONE_FIELD, )
} MTKernels;

#define MT_ELEMENT_CASE(name, ...) MTElement_##name MT_CASE(name),
typedef enum __attribute__((enum_extensibility(closed))) : int32_t {
  MT_ELEMENT_CASE(f32) MT_ELEMENT_CASE(f64) MT_INTEGERS(MT_ELEMENT_CASE, ) MT_COMPLEXES(MT_ELEMENT_CASE, )
  MTElement_bool MT_CASE(bool),
} MTElement;

// The tables of the instruction set chosen at start: the best of the CPU, or the one that MARTLET_ISA names.
#define MT_TABLE_OF(name, ...) extern const MTKernels *const martlet_kernels_##name;
MT_TABLE_OF(f32)
MT_TABLE_OF(f64)
MT_INTEGERS(MT_TABLE_OF, )
MT_COMPLEXES(MT_TABLE_OF, )
// The chosen instruction set ("v2", "v3" or "v4"; "plain" on CPUs with one body only). The second function tells
// whether the CPU has a named one.
const char *martlet_instruction_set(void);
int martlet_has_instruction_set(const char *name);

// An operand of a loop, and the size of its elements in bytes.
typedef struct {
  MTPlane plane;
  intptr_t size;
} MTOperand;
// A loop and its scalars. At most one of the three is not null. Without a loop, y becomes a copy of a.
typedef struct {
  MTUnaryLoop unary;
  MTBinaryLoop binary;
  MTSelectLoop select;
  double p, q;
} MTLoop;
// Runs a loop over planes: y from a, from a and b, or from a, b and c. Pass any other operand for one that the loop
// does not have. `streams` says that the result is too large for the caches.
void martlet_run_loop(MTLoop loop, MTOperand y, MTOperand a, MTOperand b, MTOperand c, intptr_t outer,
                      intptr_t inner, int streams);

// Casts a plane. Returns the number of elements that the target cannot hold: NaN and values outside an integer's range.
intptr_t martlet_cast(MTElement from, MTElement to, MTPlane x, MTPlane y, intptr_t outer, intptr_t inner);

#endif
