// The loops over elements: pointers, strides and counts in; no allocation, no threads, no state.
//
// One line below declares a kernel: it is at once its constant (Swift's `.exp`), the index of its
// entry in the table, and the promise that the family's file defines it for each element type.

#ifndef MARTLET_CKERNELS_H
#define MARTLET_CKERNELS_H

#include <stdint.h>

#include "Random.h"

// y = f(x). The first list is for every element type, the second for float and double alone.
#define MT_UNARY(X) \
  X(negate) \
  X(absolute) \
  X(sign) \
  X(clamp)
#define MT_UNARY_FLOATING(X) \
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
  X(tanhshrink)

// y = f(a, b).
#define MT_BINARY(X) \
  X(add) \
  X(subtract) \
  X(multiply) \
  X(divide) \
  X(maximum) \
  X(minimum) \
  X(addScaled)
#define MT_BINARY_FLOATING(X) \
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
  X(logisticSlope)

// y = 1 or 0 as a and b compare; y is a byte.
#define MT_COMPARE(X) \
  X(equal) \
  X(notEqual) \
  X(less) \
  X(lessEqual)

// All elements to one. Sums of integers come out as int64_t.
#define MT_REDUCE(X) \
  X(sum) \
  X(maximum) \
  X(minimum)

// The index of one element.
#define MT_LOCATE(X) \
  X(maximum) \
  X(minimum)

// Whole rows, contiguous, for float and double.
#define MT_ROWS(X) \
  X(softmax) \
  X(logSoftmax) \
  X(softmaxGradient) \
  X(logSoftmaxGradient)

// Steps of recurrences, for float and double.
#define MT_RECURRENCE(X) \
  X(tanh) \
  X(sigmoid) \
  X(relu) \
  X(lstm) \
  X(gru)

// Parameters changed by gradients, and three that are no optimizer's: w = ηw, w within ±η, w = w + η(g − w).
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
#define MT_ROWS_CASE(name) MTRows_##name MT_CASE(name),
#define MT_RECURRENCE_CASE(name) MTRecurrence_##name MT_CASE(name),
#define MT_UPDATE_CASE(name) MTRule_##name MT_CASE(name),
MT_ENUM(MTUnary) : int32_t { MT_UNARY(MT_UNARY_CASE) MT_UNARY_FLOATING(MT_UNARY_CASE) } MTUnary;
MT_ENUM(MTBinary) : int32_t { MT_BINARY(MT_BINARY_CASE) MT_BINARY_FLOATING(MT_BINARY_CASE) } MTBinary;
MT_ENUM(MTCompare) : int32_t { MT_COMPARE(MT_COMPARE_CASE) } MTCompare;
MT_ENUM(MTReduce) : int32_t { MT_REDUCE(MT_REDUCE_CASE) } MTReduce;
MT_ENUM(MTLocate) : int32_t { MT_LOCATE(MT_LOCATE_CASE) } MTLocate;
MT_ENUM(MTRows) : int32_t { MT_ROWS(MT_ROWS_CASE) } MTRows;
MT_ENUM(MTRecurrence) : int32_t { MT_RECURRENCE(MT_RECURRENCE_CASE) } MTRecurrence;
MT_ENUM(MTRule) : int32_t { MT_UPDATE(MT_UPDATE_CASE) } MTRule;

// A plane of elements: element (o, i) lies at base + o * outer + i * inner, strides counted in elements.
typedef struct {
  void *base;
  intptr_t outer, inner;
} MTPlane;

// The shapes of a kernel. `outer` and `inner` are extents; p and q are the operation's scalars.
typedef void (*MTUnaryLoop)(MTPlane x, MTPlane y, intptr_t outer, intptr_t inner, double p, double q);
typedef void (*MTBinaryLoop)(MTPlane a, MTPlane b, MTPlane y, intptr_t outer, intptr_t inner, double p);
typedef void (*MTSelectLoop)(MTPlane mask, MTPlane a, MTPlane b, MTPlane y, intptr_t outer, intptr_t inner);
// y[o] over i (rows), or y[i] over o (columns).
typedef void (*MTReduceLoop)(MTPlane x, void *y, intptr_t outer, intptr_t inner);
typedef void (*MTLocateLoop)(MTPlane x, int64_t *y, intptr_t outer, intptr_t inner);
typedef void (*MTRowsLoop)(const void *x, const void *y, void *z, intptr_t rows, intptr_t count);
// Rows of x normalised; `statistics` [rows, 2] are the mean of each and 1 / its deviation.
typedef void (*MTLayerNormLoop)(const void *x, const void *weight, const void *bias, void *y, void *statistics,
                                intptr_t rows, intptr_t count, double epsilon);
// The gradients: of x, and `sums` [2, count] of the weight and the bias over these rows; either may be null.
typedef void (*MTLayerNormGradientLoop)(const void *x, const void *weight, const void *g, const void *statistics,
                                        void *dx, void *sums, intptr_t rows, intptr_t count);
// Elements as they lie in memory, [outer, channels, inner].
typedef struct {
  intptr_t outer, channels, inner;
} MTPlanes;
// RMS norm of rows, and what batch and group norm are made of; see Normalize.c. Channels or rows from ..< to.
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
// Row k of y is row indices[k] of x, or is added to it. Rows are `count` long; strides between them are given.
typedef void (*MTGatherLoop)(MTPlane x, const int64_t *indices, void *y, intptr_t rows, intptr_t count);
typedef void (*MTScatterLoop)(const void *x, const int64_t *indices, MTPlane y, intptr_t rows, intptr_t count);
// y [outer, length, inner] is 0 but for x [outer, inner], put at an index along `length`.
typedef void (*MTPlaceLoop)(const void *x, const int64_t *indices, void *y, intptr_t outer, intptr_t length,
                            intptr_t inner);
// An axis of [outer, n, inner] to m positions between two neighbours each, or back; see Resample.c.
typedef void (*MTResampleLoop)(const void *x, const int64_t *lower, const void *weights, void *y, intptr_t outer,
                               intptr_t n, intptr_t m, intptr_t inner);
// Loss of each row against its label; `statistics` [rows, 2] are the largest of each and 1 / Σ exp(x − largest).
typedef void (*MTCrossEntropyLoop)(const void *logits, const int64_t *labels, void *losses, void *statistics,
                                   intptr_t rows, intptr_t count);
// The gradient of the logits from those of the losses.
typedef void (*MTCrossEntropyGradientLoop)(const void *logits, const int64_t *labels, const void *statistics,
                                           const void *g, void *z, intptr_t rows, intptr_t count);

// Windows that slide over an image of three axes, depth, height and width; of fewer axes the first have extent 1.
// Output o sees along an axis the pixels o · stride + tap · dilation − padding, for each tap of the kernel.
typedef struct {
  intptr_t size[3], kernel[3], stride[3], padding[3], dilation[3], out[3];
} MTWindows;
// See Convolve.c. `channels` images, and the outputs from ..< to, counted in row-major order.
typedef struct {
  void (*unfold)(const void *x, void *columns, const MTWindows *windows, intptr_t channels, intptr_t from, intptr_t to);
  void (*fold)(void *columns, void *x, const MTWindows *windows, intptr_t channels, intptr_t from, intptr_t to);
  void (*channel)(const void *x, const void *kernel, void *y, const MTWindows *windows);
  void (*channelInput)(const void *g, const void *kernel, void *dx, const MTWindows *windows);
  void (*channelKernel)(const void *x, const void *g, void *dkernel, const MTWindows *windows);
} MTConvolutionLoops;

// A matrix of `depth` rows and groups · units columns, in panels. See Panel.c.
typedef struct {
  intptr_t groups, units, depth;
} MTPanels;
typedef struct {
  intptr_t (*width)(intptr_t groups);  // how many units of each group are in a panel; of 1, 3 or 4 groups
  void (*pack)(const void *matrix, intptr_t row, intptr_t column, void *panels, MTPanels shape, intptr_t from,
               intptr_t to);
  void (*multiply)(const void *x, intptr_t rows, const void *panels, void *y, MTPanels shape, intptr_t from,
                   intptr_t to, int adds);
} MTPanelLoops;

// Images that kernels of 3 × 3 filter, `top` and `left` pixels of padding before them, and what comes of it. See
// Winograd.c.
typedef struct {
  intptr_t height, width, top, left, outHeight, outWidth;
} MTTiledPlane;
// The most tiles of 2 × 2 outputs that are transformed at once.
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

// One step of a recurrence over a batch, rows of `hidden` units and of as many numbers for each gate. What a recurrence
// does not have is null.
typedef struct {
  intptr_t hidden, step;
  const int64_t *lengths;           // steps of each row's sequence, or null where none ends early
  void *gates;                      // what the input adds to the gates; then the gates
  const void *projected, *bias;     // what the state adds
  const void *state, *cell;         // before the step
  void *next, *nextCell;            // after it
  void *candidate;                  // what the state adds to GRU's candidate
  const void *g, *gCell;            // gradients of what the step gives, or null
  void *dState, *dCell;             // of the state after the step; then of that before it, less what goes through the product
  void *dGates, *dProjected;        // of what the input adds and, where it is another, of what the state adds
} MTRecurrentStep;
// The step and its way back, for some rows and units.
typedef struct {
  intptr_t firstRow, endRow, firstUnit, endUnit;
} MTRecurrentPart;
typedef struct {
  void (*on)(const MTRecurrentStep *step, MTRecurrentPart part);
  void (*back)(const MTRecurrentStep *step, MTRecurrentPart part);
} MTRecurrentLoops;

// What makes a tile of scores of products of queries and keys: x · scale, and −∞ where `allowed` is 0 or with `bias`
// added, where these are not null. Row r sees the columns below reach + r.
typedef struct {
  double scale;
  const uint8_t *allowed;
  const void *bias;
  intptr_t maskRow, maskColumn;
  intptr_t reach;
} MTScores;
// See Attention.c. A tile has `rows` queries and `columns` keys; outputs and their gradients have `width` elements, and
// `yRow` or `gRow` from one row to the next.
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

// Windows over images of three axes, by tables: along an axis output o sees every `step`th pixel from lower[o] to before
// upper[o], and has share[o] of a mean. Paired windows are 2 by 2, side by side, in the last two axes.
typedef struct {
  intptr_t size[3], out[3], step[3];
  const int64_t *lower[3], *upper[3];
  const double *share[3];
  int isPaired;
} MTPool;
// See Pool.c.
typedef struct {
  void (*largest)(const void *x, void *y, int32_t *places, const MTPool *pool, intptr_t images);
  void (*scatter)(const void *g, const int32_t *places, void *dx, intptr_t pixels, intptr_t windows, intptr_t images);
  void (*pick)(const void *x, const int32_t *places, void *y, intptr_t pixels, intptr_t windows, intptr_t images);
  void (*average)(const void *x, void *y, const MTPool *pool, intptr_t images);
  void (*spread)(const void *g, void *dx, const MTPool *pool, intptr_t images);
} MTPoolLoops;

// Connectionist temporal classification of one sequence; see Temporal.c.
typedef struct {
  double (*likelihood)(const void *x, intptr_t stride, intptr_t steps, const int64_t *labels, intptr_t count,
                       int64_t blank, double *forward);
  void (*gradient)(const void *x, void *dx, intptr_t stride, intptr_t steps, const int64_t *labels, intptr_t count,
                   int64_t blank, const double *forward, double *backward, double likelihood, double g);
} MTTemporalLoops;

// Factors of one small matrix, and what they solve; see Small.c. What is returned is LAPACK's info.
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

// What the elements of a group of parameters are changed with. A rule reads what it has.
typedef struct {
  double learningRate, weightDecay, momentum, dampening, beta1, beta2, epsilon, rateDecay;
  int nesterov;
  int decoupled;  // the weight decay shrinks the parameter, not through the gradient
  int maximize;
} MTSettings;
// A parameter that an optimizer changes: its memory, its gradient, and what the rule keeps of earlier gradients.
typedef struct {
  void *parameter;
  const void *gradient;
  void *first, *second, *third;
  intptr_t count, steps;  // elements, and steps made before this one
  double product;         // of NAdam's momenta up to this step
  MTSettings settings;
} MTUpdate;
// One step over the elements from ..< to of a list of parameters, counted through it.
typedef void (*MTUpdateLoop)(const MTUpdate *updates, intptr_t from, intptr_t to);
// Σ|x|ᵖ, or for p = ∞ the largest |x|, kept in doubles; NaN where an element is.
typedef double (*MTPowerSumLoop)(const void *x, intptr_t count, double p);
// The momentum of NAdam's step number `step`, which grows towards beta1.
double martlet_nadam_momentum(MTSettings settings, double step);

// All kernels of one element type. An entry that the type does not have is null.
typedef struct {
  const MTUnaryLoop *unary;
  const MTBinaryLoop *binary;
  const MTBinaryLoop *compare;
  const MTReduceLoop *reduceRows, *reduceColumns;
  const MTLocateLoop *locate;
  const MTRowsLoop *rows;
  MTUnaryLoop copy;
  MTSelectLoop select;
  MTGatherLoop gather;
  MTScatterLoop scatterAdd;
  MTPlaceLoop place;
  MTCrossEntropyLoop crossEntropy;
  MTCrossEntropyGradientLoop crossEntropyGradient;
  MTLayerNormLoop layerNorm;
  MTLayerNormGradientLoop layerNormGradient;
  MTNormalizing normalizing;
  MTResampleLoop resample, resampleTransposed;
  MTConvolutionLoops convolution;
  MTPanelLoops panels;
  MTWinogradLoops winograd;
  const MTRecurrentLoops *recurrent;
  MTTemporalLoops temporal;
  MTPoolLoops pool;
  MTAttentionLoops attention;
  MTSmallMatrices small;
  const MTUpdateLoop *update;
  MTPowerSumLoop powerSum;
} MTKernels;

typedef enum __attribute__((enum_extensibility(closed))) : int32_t {
  MTElement_f32 MT_CASE(f32),
  MTElement_f64 MT_CASE(f64),
  MTElement_i64 MT_CASE(i64),
  MTElement_i32 MT_CASE(i32),
  MTElement_u8 MT_CASE(u8),
  MTElement_bool MT_CASE(bool),
} MTElement;

// The tables of the instruction set chosen at start: the best the CPU has, or what MARTLET_ISA says.
extern const MTKernels *const martlet_kernels_f32, *const martlet_kernels_f64, *const martlet_kernels_i64,
    *const martlet_kernels_i32, *const martlet_kernels_u8;
// Its name ("v2", "v3", "v4"; "plain" where there is one body only), and whether the CPU has a named one.
const char *martlet_instruction_set(void);
int martlet_has_instruction_set(const char *name);

// An operand of a loop, and the bytes of its elements.
typedef struct {
  MTPlane plane;
  intptr_t size;
} MTOperand;
// A loop with its scalars; one of the three at most is not null. Without a loop, y is a copy of a.
typedef struct {
  MTUnaryLoop unary;
  MTBinaryLoop binary;
  MTSelectLoop select;
  double p, q;
} MTLoop;
// Runs a loop over planes: y of a, of a and b, or of a, b and c; an operand that the loop does not have repeats another.
// `streams`: the result is too large for the caches.
void martlet_run_loop(MTLoop loop, MTOperand y, MTOperand a, MTOperand b, MTOperand c, intptr_t outer,
                      intptr_t inner, int streams);

// Casts a plane. Returns the number of elements that the target cannot hold (NaN and out of range to an integer).
intptr_t martlet_cast(MTElement from, MTElement to, MTPlane x, MTPlane y, intptr_t outer, intptr_t inner);

#endif
