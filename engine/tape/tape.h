/* What a tape is made of: the shapes that Python fills in (library.py) and that every operation reads.
 *
 * A batch is cut into tiles of at most 64 rows, few enough to stay in the cache. A tile's numbers are kept
 * feature-major: number `at` of all rows stands at values + at * R. Feedback has the same layout. Where examples are
 * groups of rows there are tiles of groups as well, a row for each group.
 */
#ifndef TAPE_H
#define TAPE_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#if !defined(REAL_BYTES) || !defined(SOURCES)
#error "compile with build.py, which says how long a number is and what it is compiled from"
#endif
#if REAL_BYTES == 4
typedef float real;
typedef int32_t integer; /* as long as a real */
#else
typedef double real;
typedef int64_t integer;
#endif

#define INLINE static inline __attribute__((always_inline))
#define MOST_ROWS 64
#define MOST_CLASSES 64
#define LANES 8 /* rows of weights are padded to a multiple of this many numbers */

/* Operations. library.py holds the same list. */
enum code { TEAM, BLEND, EXTREME, COPY, CLIP, CURVE, SPLINE, MASK, MULTIPLY, SOFTMAX, NORMALISE, CHOOSE, MEDIAN, WEIGH, AGREE };
enum reduce { NONE, HIGHEST, LOWEST, SUM };
enum merge { BY_MEAN, BY_SUM, BY_MAXIMUM, BY_FIRST, BY_LAST };
enum curve { TANH, SIGMOID, SOFTPLUS, SWISH, GELU };

/* What becomes of the feedback on an input: nobody wants it, it is the first to arrive, it is added. */
enum telling { DEAF, SET, ADD };

typedef struct {
    int32_t at, width, telling, padding;
    double factor;
} input_t;

typedef struct {
    int32_t code, first_input, inputs, at, width;
    int32_t pieces, units, reduce, softens, kind; /* teams, extremes; kind of a curve */
    int32_t aux, padding;                         /* further numbers of the tile that the operation keeps */
    int32_t winners;                              /* where its winners stand, in features */
    int32_t rows_at;                              /* where its task stands row by row; 0: as the rows were gathered */
    int64_t weights, bias;                        /* in the flat vector; bias -1: none */
    int32_t stride, knots;
    double low, high;
    uint64_t salt;
} op_t;

typedef struct {
    int32_t loss, at, width, column, telling, padding; /* result at, target in this column */
    double extra;                                      /* a quantile, a threshold */
} goal_t;

/* Makes one row of each group: numbers of a tile of rows become numbers of a tile of groups. */
typedef struct {
    int32_t how, source, at, width, winners, telling; /* telling: whether feedback goes back to the rows */
} merge_t;

/* The operations that work on rows, or on groups of them, and the numbers of a tile that they need. */
typedef struct {
    const op_t *ops;
    const input_t *inputs;
    const int32_t *zeroed; /* pairs (at, width): feedback that some reader may leave out */
    int32_t ops_count, zeroed_count, numbers, by_row, winners, padding;
} level_t;

/* One tile at work. */
typedef struct {
    int R, rows;         /* rows with padding, rows that count */
    real *values;        /* numbers x R */
    real *feedback;      /* numbers x R */
    integer *winners;    /* features x R */
    real *by_row;        /* tasks of teams, row-major */
    const int32_t *ids;  /* the rows' numbers in the table */
    real softness;
    uint64_t seed, step;
    int learning;
} tile_t;

/* Where everything stands in what one thread works with: values of a tile of rows first, winners behind them, and so on
 * from `tile` to `tile` for as many as are kept; then what there is once. scratch.py works it out. */
typedef struct {
    int64_t tile, winners, feedback, by_row;
    int64_t groups, groups_winners, groups_feedback, groups_by_row;
    int64_t size;
} scratch_t;

typedef struct {
    level_t on_rows, on_groups; /* the latter only where examples are groups */
    const goal_t *goals;
    const merge_t *merges;
    const int32_t *order;        /* the rows, group after group */
    const int32_t *group_starts; /* groups + 1 places in it */
    int32_t goals_count, merges_count, columns, target_columns, tile_rows, partials, threads;
    int32_t tile_groups, kept; /* groups of a tile at most; tiles of rows whose values wait for feedback */
    int32_t far;               /* whether the table is too large to stay near the processor */
    const real *task; /* rows x columns */
    const real *targets;
    const int32_t *rows; /* the rows or groups to visit, batch after batch */
    const int32_t *starts; /* steps + 1: where each batch begins */
    const double *rates, *softness;
    uint64_t seed, step;
    real *parameters;
    real *gradients; /* partials x size */
    real *memory[3];
    real *average;             /* of all steps; NULL: none is kept */
    const double *follow;      /* steps: how much of the average stays */
    const real *weights;       /* 1 for what decay, l1 and l2 concern */
    const real *speeds;        /* how fast each parameter learns; NULL: all alike */
    const real *lows, *highs;  /* bounds of each parameter; NULL: none */
    int64_t size;
    int32_t optimizer, padding;
    int64_t steps;             /* how many are taken */
    const double *coefficient; /* some numbers x steps, as the optimiser wants them */
    double decay, l1, l2, clip;
    real *scratch; /* threads x places.size */
    scratch_t places;
    double *losses; /* steps x goals */
} job_t;

#endif
