/* Losses and their feedback, row by row; engine/losses says what each means. */
#ifndef GOALS_H
#define GOALS_H

#include "vectors.h"

enum loss { SQUARED, ABSOLUTE, HUBER, QUANTILE, LOGISTIC, CROSS_ENTROPY, POISSON };

/* The loss of one row whose result is a single number; its feedback is left in `told`. */
INLINE double row_loss(const int loss, const double z, const double target, const double extra, double *told) {
    const double miss = z - target, size = fabs(miss);
    switch ((enum loss)loss) {
    case SQUARED: *told = 2 * miss; return miss * miss;
    case ABSOLUTE: *told = (miss > 0) - (miss < 0); return size;
    case HUBER:
        *told = 2 * (miss > extra ? extra : miss < -extra ? -extra : miss);
        return size <= extra ? miss * miss : extra * (2 * size - extra);
    case QUANTILE:
        *told = miss > 0 ? 1 - extra : miss < 0 ? -extra : 0;
        return miss > 0 ? (1 - extra) * miss : -extra * miss;
    case LOGISTIC: {
        const double fading = exp(-fabs(z));
        *told = (z >= 0 ? 1 : fading) / (1 + fading) - target;
        return (z > 0 ? z : 0) + log1p(fading) - target * z;
    }
    case POISSON: *told = exp(z) - target; return exp(z) - target * z;
    case CROSS_ENTROPY: break; /* of several numbers */
    }
    return 0;
}

/* Several classes: a score each, the target is the place of the right one; told: R apart. */
INLINE double class_loss(const real *scores, const int width, const long R, const long right, real *told) {
    double top = scores[0], total = 0;
    for (int i = 1; i < width; i++) top = scores[i * R] > top ? scores[i * R] : top;
    for (int i = 0; i < width; i++) total += told[i * R] = (real)exp(scores[i * R] - top);
    for (int i = 0; i < width; i++) told[i * R] = (real)(told[i * R] / total) - (i == right);
    return log(total) + top - scores[right * R];
}

/* Squared losses; a target that is no number is kept from its row, and so are rows beyond the tile's last. */
INLINE double judge_squares(const real *result, const real *targets, const long apart, const tile_t *t, real *re,
                            const real share) {
    vec sum = splat(0);
    for (int r = 0; r < t->R; r += VECTOR) {
        vec target = splat(NAN);
        for (int i = 0; i < VECTOR && r + i < t->rows; i++) target[i] = targets[(long)t->ids[r + i] * apart];
        const vec miss = choose(target == target, VEC(result + r) - target, splat(0));
        sum += miss * miss;
        VEC(re + r) += 2 * share * miss;
    }
    return (double)total(sum);
}

/* The summed loss of a tile; each row's feedback, times `share`, goes where the result's feedback belongs. */
INLINE double judge(const job_t *job, const goal_t *goal, tile_t *t, const real share) {
    const long R = t->R;
    const real *result = t->values + goal->at * R;
    real *re = t->feedback + goal->at * R;
    double sum = 0;
    if (goal->telling == SET) memset(re, 0, sizeof(real) * goal->width * R);
    if (goal->loss == SQUARED)
        return judge_squares(result, job->targets + goal->column, job->target_columns, t, re, share);
    for (int r = 0; r < t->rows; r++) {
        const real target = job->targets[(long)t->ids[r] * job->target_columns + goal->column];
        if (target != target) continue; /* kept from this row */
        if (goal->loss == CROSS_ENTROPY) {
            real told[MOST_CLASSES * MOST_ROWS];
            sum += class_loss(result + r, goal->width, R, (long)target, told);
            for (int i = 0; i < goal->width; i++) re[i * R + r] += share * told[i * R];
        } else {
            double told;
            sum += row_loss(goal->loss, (double)result[r], (double)target, goal->extra, &told);
            re[r] += share * (real)told;
        }
    }
    return sum;
}

#endif
