/* Vectors as wide as the machine's registers, and what is worked out with them.
 *
 * A wider type than the target has is kept in memory by gcc, which is some thirty times slower: the width follows the
 * target.
 */
#ifndef VECTORS_H
#define VECTORS_H

#include "tape.h"

#ifdef __AVX2__
#include <immintrin.h>
#endif

#if defined(__AVX512F__)
#define WIDE_BYTES 64
#define VECTOR_BYTES 32
#define BLOCK 8 /* rows of a matrix that a kernel holds in registers */
#elif defined(__AVX__)
#define WIDE_BYTES 32
#define VECTOR_BYTES 32
#define BLOCK 4
#else
#define WIDE_BYTES 16
#define VECTOR_BYTES 16
#define BLOCK 4
#endif
#define WIDE ((int)(WIDE_BYTES / sizeof(real)))
#define VECTOR ((int)(VECTOR_BYTES / sizeof(real)))
typedef real wide __attribute__((vector_size(WIDE_BYTES), aligned(4), may_alias));
typedef real vec __attribute__((vector_size(VECTOR_BYTES), aligned(4), may_alias));
typedef integer vec_integer __attribute__((vector_size(VECTOR_BYTES), aligned(4), may_alias));

#define VEC(at) (*(vec *)(at))
#define EVERY(i, count) for (long i = 0; i < (count); i += VECTOR) /* counts are multiples of LANES */

INLINE vec splat(real x) {
    return (vec){0} + x;
}
INLINE vec choose(vec_integer mask, vec yes, vec no) {
    return (vec)((mask & (vec_integer)yes) | (~mask & (vec_integer)no));
}
INLINE vec larger(vec x, vec y) {
    return choose(x > y, x, y);
}
INLINE vec smaller(vec x, vec y) {
    return choose(x < y, x, y);
}

#if REAL_BYTES == 4
#define ROUNDER 0x1.8p23f
#define LOG2E 1.44269504088896341f
#define LN2_HIGH 0x1.62ep-1f
#define LN2_LOW 0x1.0bfbe8p-15f
#define MANTISSA 23
#define BIAS 127
#define LOWEST_EXP -87.0f
#define HIGHEST_EXP 88.0f
#define ROOT_HALF 0x3f3504f3
#define SERIES 7
#define LOG_SERIES 6
#else
#define ROUNDER 0x1.8p52
#define LOG2E 1.44269504088896340736
#define LN2_HIGH 0x1.62e42fefa38p-1
#define LN2_LOW 0x1.ef35793c7673p-45
#define MANTISSA 52
#define BIAS 1023
#define LOWEST_EXP -708.0
#define HIGHEST_EXP 709.0
#define ROOT_HALF 0x3fe6a09e667f3bcd
#define SERIES 13
#define LOG_SERIES 12
#endif

/* e^x: 2^n times a series of what is left, at most half a ln 2 */
INLINE vec vec_exp(vec x) {
    static const real inverse[] = {1,          1.0 / 2,     1.0 / 3,     1.0 / 4,      1.0 / 5,
                                   1.0 / 6,    1.0 / 7,     1.0 / 8,     1.0 / 9,      1.0 / 10,
                                   1.0 / 11,   1.0 / 12,    1.0 / 13};
    x = smaller(splat(HIGHEST_EXP), larger(splat(LOWEST_EXP), x)); /* in this order what is no number stays none */
    const vec shifted = x * (real)LOG2E + (real)ROUNDER, n = shifted - (real)ROUNDER;
    const vec rest = (x - n * (real)LN2_HIGH) - n * (real)LN2_LOW;
    vec sum = splat(1);
    for (int term = SERIES - 1; term >= 0; term--) sum = 1 + rest * inverse[term] * sum;
    const vec_integer exponent = (vec_integer)shifted - (vec_integer)splat(ROUNDER);
    return sum * (vec)((exponent + BIAS) << MANTISSA);
}

/* ln x of a normal x > 0: the exponent, and 2 artanh((m - 1) / (m + 1)) of a mantissa near 1 */
INLINE vec vec_log(vec x) {
    const vec_integer shifted = (vec_integer)x - (integer)ROOT_HALF;
    const vec_integer exponent = shifted >> MANTISSA;
    const vec m = (vec)((vec_integer)x - (exponent << MANTISSA));
    const vec s = (m - 1) / (m + 1), square = s * s;
    vec sum = splat(0);
    for (int term = LOG_SERIES; term >= 0; term--) sum = sum * square + (real)(1.0 / (2 * term + 1));
    const vec n = __builtin_convertvector(exponent, vec);
    return n * (real)LN2_HIGH + (n * (real)LN2_LOW + 2 * s * sum);
}

#if REAL_BYTES == 4
INLINE vec vec_sqrt(vec x) {
    for (int i = 0; i < VECTOR; i++) x[i] = sqrtf(x[i]);
    return x;
}
#else
INLINE vec vec_sqrt(vec x) {
    for (int i = 0; i < VECTOR; i++) x[i] = sqrt(x[i]);
    return x;
}
#endif

/* Matrix products: out[M x N] = or += left[M x K] . right[K x N]. `left` is read one number at a time with strides of
 * its own, so that its transpose costs nothing; N is a multiple of VECTOR. A product starts from nothing, from what is
 * there, or from a number a row. */
enum origin { NOTHING, THERE, BIASED };

#define KERNEL(name, vector, width, rows, across)                                                            \
    INLINE void name(real *out, long ld_out, const real *left, long row_step, long step, const real *right,  \
                     long ld_right, int K, const enum origin origin, const real *bias) {                     \
        vector sum[rows][across];                                                                            \
        _Pragma("GCC unroll 16") for (int i = 0; i < rows; i++)                                              \
            _Pragma("GCC unroll 4") for (int j = 0; j < across; j++) {                                       \
                sum[i][j] = (vector){0};                                                                     \
                if (origin == THERE) sum[i][j] = *(const vector *)(out + i * ld_out + j * width);            \
                if (origin == BIASED) sum[i][j] += bias[i];                                                  \
            }                                                                                                \
        for (int q = 0; q < K; q++) {                                                                        \
            vector b[across];                                                                                \
            _Pragma("GCC unroll 4") for (int j = 0; j < across; j++)                                         \
                b[j] = *(const vector *)(right + q * ld_right + j * width);                                  \
            _Pragma("GCC unroll 16") for (int i = 0; i < rows; i++) {                                        \
                const real factor = left[i * row_step + q * step];                                           \
                _Pragma("GCC unroll 4") for (int j = 0; j < across; j++) sum[i][j] += factor * b[j];         \
            }                                                                                                \
        }                                                                                                    \
        _Pragma("GCC unroll 16") for (int i = 0; i < rows; i++)                                              \
            _Pragma("GCC unroll 4") for (int j = 0; j < across; j++)                                         \
                *(vector *)(out + i * ld_out + j * width) = sum[i][j];                                       \
    }
KERNEL(kernel_wide, wide, WIDE, BLOCK, 2)
KERNEL(kernel_wide_four, wide, WIDE, 4, 2)
KERNEL(kernel_wide_one, wide, WIDE, 1, 2)
KERNEL(kernel_vec, vec, VECTOR, BLOCK, 1)
KERNEL(kernel_vec_four, vec, VECTOR, 4, 1)
KERNEL(kernel_vec_one, vec, VECTOR, 1, 1)

#define BANDS(width, whole, four, one)                                                                       \
    {                                                                                                        \
        int i = 0;                                                                                           \
        for (; i + BLOCK <= M; i += BLOCK)                                                                   \
            whole(out + i * ld_out + n, ld_out, left + i * row_step, row_step, step, right + n, ld_right, K, \
                  origin, bias + i);                                                                         \
        for (; i + 4 <= M; i += 4)                                                                           \
            four(out + i * ld_out + n, ld_out, left + i * row_step, row_step, step, right + n, ld_right, K,  \
                 origin, bias + i);                                                                          \
        for (; i < M; i++)                                                                                   \
            one(out + i * ld_out + n, ld_out, left + i * row_step, row_step, step, right + n, ld_right, K,   \
                origin, bias + i);                                                                           \
    }

INLINE void product(real *out, long ld_out, const real *left, long row_step, long step, const real *right,
                    long ld_right, int M, int N, int K, const enum origin origin, const real *bias) {
    int n = 0;
    for (; n + 2 * WIDE <= N; n += 2 * WIDE) BANDS(WIDE, kernel_wide, kernel_wide_four, kernel_wide_one)
    for (; n < N; n += VECTOR) BANDS(VECTOR, kernel_vec, kernel_vec_four, kernel_vec_one)
}

/* The sum of a vector's numbers, in pairs. */
INLINE real total(const vec v) {
    real sums[VECTOR];
    VEC(sums) = v;
    for (int half = VECTOR / 2; half; half /= 2)
        for (int i = 0; i < half; i++) sums[i] += sums[i + half];
    return sums[0];
}

/* The first of the numbers that stand there, zeros in place of the others, which are not looked at. */
INLINE vec first_of(const real *in, const long count) {
#if defined(__AVX2__) && REAL_BYTES == 4
    return (vec)_mm256_maskload_ps(in, (__m256i)((vec_integer){0, 1, 2, 3, 4, 5, 6, 7} < (integer)count));
#elif defined(__AVX2__)
    return (vec)_mm256_maskload_pd(in, (__m256i)((vec_integer){0, 1, 2, 3} < (integer)count));
#else
    vec found = {0};
    for (long i = 0; i < count; i++) found[i] = in[i];
    return found;
#endif
}

#if defined(__clang__)
#define SHUFFLE(x, y, ...) __builtin_shufflevector(x, y, __VA_ARGS__)
#else
#define SHUFFLE(x, y, ...) __builtin_shuffle(x, y, (vec_integer){__VA_ARGS__})
#endif
#define LISTED(...) __VA_ARGS__

/* Rows that are so far apart in a square exchange the halves of every piece of twice as many numbers. */
#define EXCHANGE(apart, firsts, seconds)                                                                     \
    _Pragma("GCC unroll 8") for (int i = 0; i < VECTOR; i++) if (!(i & apart)) {                             \
        const vec above = v[i], below = v[i + apart];                                                        \
        v[i] = SHUFFLE(above, below, LISTED firsts);                                                         \
        v[i + apart] = SHUFFLE(above, below, LISTED seconds);                                                \
    }

/* Turns a square of VECTOR x VECTOR numbers that stand in registers. */
INLINE void turn_square(vec *v) {
#if VECTOR_BYTES / REAL_BYTES == 8
    EXCHANGE(4, (0, 1, 2, 3, 8, 9, 10, 11), (4, 5, 6, 7, 12, 13, 14, 15))
    EXCHANGE(2, (0, 1, 8, 9, 4, 5, 12, 13), (2, 3, 10, 11, 6, 7, 14, 15))
    EXCHANGE(1, (0, 8, 2, 10, 4, 12, 6, 14), (1, 9, 3, 11, 5, 13, 7, 15))
#elif VECTOR_BYTES / REAL_BYTES == 4
    EXCHANGE(2, (0, 1, 4, 5), (2, 3, 6, 7))
    EXCHANGE(1, (0, 4, 2, 6), (1, 5, 3, 7))
#else
    EXCHANGE(1, (0, 2), (1, 3))
#endif
}

/* The same from place to place. Of those that are fewer, so many rows are read, and so many columns written. */
INLINE void turn_block(real *out, long ld_out, const real *in, long ld_in, const int rows, const int columns) {
    vec v[VECTOR];
    _Pragma("GCC unroll 8") for (int i = 0; i < VECTOR; i++)
        v[i] = i < rows ? *(const vec *)(in + i * ld_in) : splat(0);
    turn_square(v);
    _Pragma("GCC unroll 8") for (int i = 0; i < VECTOR; i++)
        if (i < columns) *(vec *)(out + i * ld_out) = v[i];
}

/* out[columns x ld_out] = in[rows x ld_in] turned. Both have room for whole vectors: what stands behind a row's last
 * number is read, and zeros are written behind those of a column. */
INLINE void turn(real *out, long ld_out, const real *in, long ld_in, int rows, int columns) {
    int r = 0;
    for (; r + VECTOR <= rows; r += VECTOR) {
        int c = 0;
        for (; c + VECTOR <= columns; c += VECTOR)
            turn_block(out + c * ld_out + r, ld_out, in + r * ld_in + c, ld_in, VECTOR, VECTOR);
        if (c == columns) continue;
        if (columns < VECTOR) turn_block(out + r, ld_out, in + r * ld_in, ld_in, VECTOR, columns);
        else { /* the last square takes some columns once more */
            c = columns - VECTOR;
            turn_block(out + c * ld_out + r, ld_out, in + r * ld_in + c, ld_in, VECTOR, VECTOR);
        }
    }
    if (r == rows) return;
    for (int c = 0; c < columns; c += VECTOR)
        turn_block(out + c * ld_out + r, ld_out, in + r * ld_in + c, ld_in, rows - r, columns - c);
}

/* out += factor * row for some rows of `in`, `n` numbers each, kept in registers over the rows; n is a multiple of
 * LANES. EACH: a loop over the rows; NUMBER and FACTOR say which row it is at, and times what. */
#define STRIPES(vector, width, across, EACH)                                                                 \
    for (; c + across * width <= n; c += across * width) {                                                   \
        vector sum[across];                                                                                  \
        _Pragma("GCC unroll 4") for (int j = 0; j < across; j++)                                             \
            sum[j] = *(const vector *)(out + c + j * width);                                                 \
        EACH {                                                                                               \
            const real *row = in + NUMBER * ld_in + c, t = FACTOR;                                           \
            _Pragma("GCC unroll 4") for (int j = 0; j < across; j++)                                         \
                sum[j] += t * *(const vector *)(row + j * width);                                            \
        }                                                                                                    \
        _Pragma("GCC unroll 4") for (int j = 0; j < across; j++)                                             \
            *(vector *)(out + c + j * width) = sum[j];                                                       \
    }
#define EVERY_STRIPE(EACH)       \
    int c = 0;                   \
    STRIPES(wide, WIDE, 4, EACH) \
    STRIPES(wide, WIDE, 2, EACH) \
    STRIPES(wide, WIDE, 1, EACH) \
    STRIPES(vec, VECTOR, 1, EACH)

/* Rows that are chosen by number, each with a factor of its own. */
INLINE void add_rows(real *out, int n, const int *chosen, const real *factor, int count, const real *in, long ld_in) {
#define NUMBER chosen[i]
#define FACTOR factor[i]
    EVERY_STRIPE(for (int i = 0; i < count; i++))
#undef NUMBER
#undef FACTOR
}

/* Rows that a bit is set for, each with the factor of its place. */
INLINE void add_marked(real *out, int n, uint64_t marked, const real *factor, const real *in, long ld_in) {
#define NUMBER __builtin_ctzll(left)
#define FACTOR factor[__builtin_ctzll(left)]
    EVERY_STRIPE(for (uint64_t left = marked; left; left &= left - 1))
#undef NUMBER
#undef FACTOR
}

/* A bit for each number of a comparison that holds. */
INLINE unsigned marks(vec_integer held) {
#if defined(__AVX2__) && REAL_BYTES == 4
    return (unsigned)_mm256_movemask_ps((__m256)held);
#elif defined(__AVX2__)
    return (unsigned)_mm256_movemask_pd((__m256d)held);
#else
    unsigned found = 0;
    for (int i = 0; i < VECTOR; i++) found |= (unsigned)(held[i] & 1) << i;
    return found;
#endif
}

#endif
