/* Losses and their feedback, row by row; engine/losses says what each means. */
#ifndef GOALS_H
#define GOALS_H

#include "vectors.h"

enum loss { SQUARED, ABSOLUTE, HUBER, QUANTILE, LOGISTIC, CROSS_ENTROPY, POISSON };

/* The summed loss of a tile; leaves each row's feedback, times `share`, where the result's feedback belongs. */
INLINE double goal(const job_t *job, const goal_t *goal, tile_t *t, const real share) {
    const long R = t->R;
    const real *result = t->values + goal->at * R;
    real *re = t->feedback + goal->at * R, told[MOST_ROWS];
    double sum = 0;
    for (int r = 0; r < t->rows; r++) {
        const real target = job->targets[(long)t->ids[r] * job->target_columns + goal->column];
        const real miss = result[r] - target;
        sum += (double)(miss * miss);
        told[r] = 2 * miss * share;
    }
    for (int r = t->rows; r < R; r++) told[r] = 0;
    for (int r = 0; r < R; r++) re[r] = goal->telling == SET ? told[r] : re[r] + told[r];
    return sum;
}

#endif
