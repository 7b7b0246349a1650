/* The highest or lowest of several numbers, hard or soft; and how feedback on an input arrives. */
#ifndef EXTREMES_H
#define EXTREMES_H

#include "vectors.h"

/* Feedback on an input arrives: the first sets it, the next are added. */
INLINE void tell(const input_t *in, real *there, const real *arrives, long count, real factor) {
    if (in->telling == SET) EVERY(i, count) VEC(there + i) = factor * VEC(arrives + i);
    if (in->telling == ADD) EVERY(i, count) VEC(there + i) += factor * VEC(arrives + i);
}

/* A share of a number: where that is nothing, nothing, even of what has no end. */
INLINE vec part_of(vec share, vec x) {
    return (vec)((vec_integer)(share * x) & (share != 0));
}

/* What a column of feedback adds up to over the rows of a tile. */
INLINE void sum_of_rows(real *re_bias, const real *re, long count, long R) {
    for (long i = 0; i < count; i++) {
        vec sum = {0};
        EVERY(r, R) sum += VEC(re + i * R + r);
        re_bias[i] += total(sum);
    }
}

/* best[units x R] and its piece, of pieces x units x R numbers; the first of equals wins, and what is no number. */
INLINE void hard_extreme(real *best, integer *winners, const real *z, int pieces, long count, int highest) {
    EVERY(i, count) {
        vec top = VEC(z + i);
        vec_integer who = {0};
        for (integer piece = 1; piece < pieces; piece++) {
            const vec other = VEC(z + piece * count + i);
            vec_integer better = other > top;
            if (!highest) better = other < top;
            better |= other != other;
            top = choose(better, other, top);
            who = (better & piece) | (~better & who);
        }
        VEC(best + i) = top;
        *(vec_integer *)(winners + i) = who;
    }
}

/* t log(mean(exp(z / t))), leaving in z each piece's share of the feedback */
INLINE void soft_extreme(real *best, real *z, int pieces, long count, int highest, real softness) {
    const real slope = (highest ? 1 : -1) / softness;
    EVERY(i, count) {
        vec top = VEC(z + i), sum = {0};
        for (int piece = 1; piece < pieces; piece++) {
            const vec other = VEC(z + piece * count + i);
            top = highest ? larger(top, other) : smaller(top, other);
        }
        for (int piece = 0; piece < pieces; piece++) {
            const vec weight = vec_exp((VEC(z + piece * count + i) - top) * slope);
            VEC(z + piece * count + i) = weight;
            sum += weight;
        }
        for (int piece = 0; piece < pieces; piece++) VEC(z + piece * count + i) /= sum;
        VEC(best + i) = top + vec_log(sum * ((real)1 / pieces)) * (1 / slope);
    }
}

#endif
