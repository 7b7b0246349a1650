/* Brings a tile's rows in, and begins the feedback on its numbers. */
#ifndef ROWS_H
#define ROWS_H

#include "vectors.h"

#define AHEAD 64 /* rows that are asked for before they are needed: the next tile comes while this one is at work */
#define LINE 64  /* bytes that memory hands out at once */

/* A tile's rows as they stand in the table. left: how many rows are still to be visited and known by number, these
 * included; judged: whether each has a target of its own. */
INLINE void fetch(const job_t *job, tile_t *t, const int32_t *ids, long left, const int judged) {
    const long columns = job->columns, stride = (columns + LANES - 1) / LANES * LANES;
    for (int r = 0; r < t->rows; r++) {
        const long ahead = ids[r + AHEAD < left ? r + AHEAD : r];
        const real *far = job->task + ahead * columns;
        if (judged) __builtin_prefetch(job->targets + ahead * job->target_columns);
        for (long c = 0; c < columns; c += LINE / (int)sizeof(real)) __builtin_prefetch(far + c);
        copy(t->by_row + r * stride, job->task + (long)ids[r] * columns, columns);
    }
    for (int r = t->rows; r < t->R; r++) memset(t->by_row + r * stride, 0, sizeof(real) * columns);
}

/* The same as they are for the weights' gradients, and turned for everything else. */
INLINE void gather(const job_t *job, tile_t *t, const int32_t *ids, long left, const int judged) {
    const long columns = job->columns, stride = (columns + LANES - 1) / LANES * LANES;
    fetch(job, t, ids, left, judged);
    turn(t->values, t->R, t->by_row, stride, t->R, (int)columns);
    t->ids = ids;
}

INLINE void begin_feedback(const level_t *level, tile_t *t) {
    for (int i = 0; i < level->zeroed_count; i++)
        memset(t->feedback + level->zeroed[2 * i] * t->R, 0, sizeof(real) * level->zeroed[2 * i + 1] * t->R);
}

#endif
