/* Brings a tile's rows in, and begins the feedback on its numbers. */
#ifndef ROWS_H
#define ROWS_H

#include "vectors.h"

#define AHEAD 64 /* places to the next tile where one follows the other */
#define LINE 64  /* bytes that memory hands out at once */
#define SHORT_ROW 48 /* numbers that are fetched and turned in one go */

/* A row that is needed soon, with its target; it may begin in the middle of a line. */
INLINE void ask_for(const job_t *job, const long id, const int judged) {
    const real *row = job->task + id * job->columns;
    if (judged) __builtin_prefetch(job->targets + id * job->target_columns);
    for (long c = 0; c < job->columns; c += LINE / (int)sizeof(real)) __builtin_prefetch(row + c);
    __builtin_prefetch(row + job->columns - 1);
}

/* Some columns of a few rows, VECTOR of each at most: as they are at by_row, and turned at values. */
INLINE void gather_square(const job_t *job, tile_t *t, const int32_t *ids, const long r, const long c, const int columns) {
    const long stride = (job->columns + LANES - 1) / LANES * LANES;
    vec v[VECTOR];
    _Pragma("GCC unroll 8") for (int i = 0; i < VECTOR; i++) {
        const real *row = job->task + (long)ids[r + i < t->rows ? r + i : 0] * job->columns + c;
        v[i] = r + i >= t->rows ? splat(0) : columns == VECTOR ? *(const vec *)row : first_of(row, columns);
    }
    _Pragma("GCC unroll 8") for (int i = 0; i < VECTOR; i++) VEC(t->by_row + (r + i) * stride + c) = v[i];
    turn_square(v);
    _Pragma("GCC unroll 8") for (int i = 0; i < VECTOR; i++)
        if (i < columns) VEC(t->values + (c + i) * t->R + r) = v[i];
}

/* Long rows are read one after the other, as memory hands them out, and turned then. */
INLINE void gather_long(const job_t *job, tile_t *t, const int32_t *ids, const long r) {
    const long columns = job->columns, stride = (columns + LANES - 1) / LANES * LANES;
    for (long i = r; i < r + VECTOR; i++) {
        real *there = t->by_row + i * stride;
        if (i >= t->rows) EVERY(c, stride) VEC(there + c) = splat(0);
        else {
            const real *row = job->task + (long)ids[i] * columns;
            for (long c = 0; c < columns - VECTOR; c += VECTOR) VEC(there + c) = *(const vec *)(row + c);
            VEC(there + columns - VECTOR) = *(const vec *)(row + columns - VECTOR);
        }
    }
    turn(t->values + r, t->R, t->by_row + r * stride, stride, VECTOR, (int)columns);
}

/* A tile's rows: as they are for the weights' gradients, and turned for everything else. soon: at which place the rows
 * begin that are at work next; left: how many places are known; judged: whether each row has a target of its own. */
INLINE void gather(const job_t *job, tile_t *t, const int32_t *ids, long soon, long left, const int judged) {
    const long columns = job->columns;
    for (long r = 0; r < t->R; r += VECTOR) {
        for (long i = r; job->far && i < r + VECTOR && i < t->rows && soon + i < left; i++)
            ask_for(job, ids[soon + i], judged);
        if (columns > SHORT_ROW) {
            gather_long(job, t, ids, r);
        } else if (columns < VECTOR) {
            gather_square(job, t, ids, r, 0, (int)columns);
        } else {
            long c = 0;
            for (; c + VECTOR <= columns; c += VECTOR) gather_square(job, t, ids, r, c, VECTOR);
            if (c < columns) gather_square(job, t, ids, r, columns - VECTOR, VECTOR); /* some columns once more */
        }
    }
    t->ids = ids;
}

INLINE void begin_feedback(const level_t *level, tile_t *t) {
    for (int i = 0; i < level->zeroed_count; i++)
        memset(t->feedback + level->zeroed[2 * i] * t->R, 0, sizeof(real) * level->zeroed[2 * i + 1] * t->R);
}

#endif
