/* Brings a tile's rows in, and begins the feedback on its numbers. */
#ifndef ROWS_H
#define ROWS_H

#include "vectors.h"

#define AHEAD 64 /* rows that are asked for before they are needed: the next tile comes while this one is at work */
#define LINE 64  /* bytes that memory hands out at once */

/* A row that is needed soon, with its target; it may begin in the middle of a line. */
INLINE void ask_for(const job_t *job, const long id, const int judged) {
    const real *row = job->task + id * job->columns;
    if (judged) __builtin_prefetch(job->targets + id * job->target_columns);
    for (long c = 0; c < job->columns; c += LINE / (int)sizeof(real)) __builtin_prefetch(row + c);
    __builtin_prefetch(row + job->columns - 1);
}

/* A tile's rows as they stand in the table. left: how many rows are still to be visited and known by number, these
 * included; judged: whether each has a target of its own. */
INLINE void fetch(const job_t *job, tile_t *t, const int32_t *ids, long left, const int judged) {
    const long columns = job->columns, stride = (columns + LANES - 1) / LANES * LANES;
    for (int r = 0; r < t->rows; r++) {
        if (job->far) ask_for(job, ids[r + AHEAD < left ? r + AHEAD : r], judged);
        copy(t->by_row + r * stride, job->task + (long)ids[r] * columns, columns);
    }
    EVERY(i, (t->R - t->rows) * stride) VEC(t->by_row + t->rows * stride + i) = splat(0);
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
