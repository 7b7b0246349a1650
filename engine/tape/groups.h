/* Tiles of whole groups: their rows are worked on in tiles of their own, and one row is made of each group.
 *
 * A group may have more rows than a tile, or than memory is set aside for. So the values of the first few tiles of rows
 * are kept until feedback comes, and those of all others but the last are worked out again.
 */
#ifndef GROUPS_H
#define GROUPS_H

#include "operations.h"
#include "rows.h"

#define SHORT 16 /* rows of a group of which any may well be the highest so far */

typedef struct {
    tile_t groups, rows;           /* the groups, and those of their rows that are being worked on */
    real *kept;                    /* values and winners of `kept` tiles of rows */
    const int32_t *numbers;        /* which groups they are */
    int begins[MOST_ROWS + 1];     /* where each group's rows begin, and the last one's end */
    int from, first, last;         /* the first row at work, its group, and the group after the last row's */
    int cuts[MOST_ROWS + 1];       /* where the groups at work begin in the tile of rows, and the last one ends */
    int32_t ids[MOST_ROWS + AHEAD], firsts[MOST_ROWS]; /* the rows at work; each group's first row */
} groups_t;

INLINE int padded(int count) {
    return (count + LANES - 1) / LANES * LANES;
}

/* How many of the next groups make a tile: as many as it may have, if their rows' values can be kept. */
INLINE int groups_together(const job_t *job, const int32_t *numbers, const int left) {
    const int most = left < job->tile_groups ? left : job->tile_groups;
    long rows = 0;
    int count = 0;
    for (; count < most; count++) {
        rows += job->group_starts[numbers[count] + 1] - job->group_starts[numbers[count]];
        if (count && rows > (long)job->kept * job->tile_rows) break;
    }
    return count;
}

INLINE void groups_begin(const job_t *job, groups_t *g, const int32_t *numbers, const int count) {
    g->numbers = numbers;
    g->groups.rows = count;
    g->groups.R = padded(count);
    g->groups.ids = g->firsts; /* a group goes by its first row where numbers are drawn for it */
    g->begins[0] = 0;
    for (int i = 0; i < count; i++) {
        const int32_t *start = job->group_starts + numbers[i];
        g->firsts[i] = job->order[start[0]];
        g->begins[i + 1] = g->begins[i] + start[1] - start[0];
    }
}

INLINE int tiles_of(const job_t *job, const groups_t *g) {
    return (g->begins[g->groups.rows] + job->tile_rows - 1) / job->tile_rows;
}

/* Makes some rows those at work. Returns how many of the rows from there on are known by number. */
INLINE int rows_begin(const job_t *job, groups_t *g, const int tile) {
    tile_t *t = &g->rows;
    const int from = g->from = tile * job->tile_rows, all = g->begins[g->groups.rows] - from;
    t->rows = all < job->tile_rows ? all : job->tile_rows;
    t->R = padded(t->rows);
    t->values = g->kept + (tile < job->kept ? tile : job->kept - 1) * job->places.tile;
    t->winners = (integer *)(t->values + job->places.winners);
    const int known = all < t->rows + AHEAD ? all : t->rows + AHEAD;
    for (g->first = 0; g->begins[g->first + 1] <= from;) g->first++;
    g->cuts[0] = 0;
    int group = g->first;
    for (int r = 0; r < known; group++) {
        const int end = g->begins[group + 1] - from < known ? g->begins[group + 1] - from : known;
        const int32_t *ids = job->order + job->group_starts[g->numbers[group]] + (from + r - g->begins[group]);
        memcpy(g->ids + r, ids, sizeof(int32_t) * (end - r));
        if (r < t->rows) {
            g->last = group + 1;
            g->cuts[g->last - g->first] = end < t->rows ? end : t->rows;
        }
        r = end;
    }
    return known;
}

INLINE real sum_of(const real *x, const int count) {
    real sum = 0;
    int i = 0;
    if (count >= 2 * VECTOR) {
        vec sums = {0};
        for (; i + VECTOR <= count; i += VECTOR) sums += VEC(x + i);
        sum = total(sums);
    }
    for (; i < count; i++) sum += x[i];
    return sum;
}

/* The highest of some rows, if it is higher than what is there; what is no number stays. `at`: the first row's place.
 * Long groups seldom rise, short ones as often as not. */
INLINE void rise(real *top, integer *winner, const real *x, const int count, const int at) {
    real highest = *top;
    integer who = *winner;
    if (count > SHORT) {
        for (int i = 0; i < count; i++)
            if (!(x[i] <= highest) && highest == highest) {
                highest = x[i];
                who = at + i;
            }
    } else {
        for (int i = 0; i < count; i++) {
            const integer rises = -(integer)(!(x[i] <= highest) & (highest == highest));
            highest = rises ? x[i] : highest;
            who = (rises & (at + i)) | (~rises & who);
        }
    }
    *top = highest;
    *winner = who;
}

/* What the rows at work bring to their groups, the first of which may have begun before, and the last may go on. */
INLINE void merge_forward(const merge_t *merge, groups_t *g) {
    const long R = g->rows.R, G = g->groups.R;
    const int parts = g->last - g->first, begun = g->begins[g->first] < g->from;
    const int ended = g->begins[g->last] == g->from + g->rows.rows ? parts : parts - 1, *cuts = g->cuts;
    for (int column = 0; column < merge->width; column++) {
        const real *x = g->rows.values + (merge->source + column) * R;
        real *y = g->groups.values + (merge->at + column) * G + g->first;
        integer *winner = g->groups.winners + (merge->winners + column) * G + g->first;
        switch (merge->how) {
        case BY_MEAN:
        case BY_SUM:
            for (int i = 0; i < parts; i++)
                y[i] = (i || !begun ? 0 : y[i]) + sum_of(x + cuts[i], cuts[i + 1] - cuts[i]);
            break;
        case BY_MAXIMUM:
            for (int i = 0; i < parts; i++) {
                if (i || !begun) {
                    y[i] = x[cuts[i]];
                    winner[i] = g->from + cuts[i];
                }
                rise(y + i, winner + i, x + cuts[i], cuts[i + 1] - cuts[i], g->from + cuts[i]);
            }
            break;
        case BY_FIRST:
            for (int i = begun; i < parts; i++) y[i] = x[cuts[i]];
            break;
        case BY_LAST:
            for (int i = 0; i < ended; i++) y[i] = x[cuts[i + 1] - 1];
            break;
        }
    }
}

INLINE void merge_end(const merge_t *merge, groups_t *g) {
    const long G = g->groups.R;
    for (int column = 0; column < merge->width; column++) {
        real *y = g->groups.values + (merge->at + column) * G;
        for (int i = 0; merge->how == BY_MEAN && i < g->groups.rows; i++) y[i] /= (real)(g->begins[i + 1] - g->begins[i]);
        for (int i = g->groups.rows; i < G; i++) y[i] = 0;
    }
}

/* Feedback on groups goes to those of their rows that are at work. */
INLINE void merge_feedback(const merge_t *merge, groups_t *g) {
    const long R = g->rows.R, G = g->groups.R;
    const int parts = g->last - g->first, *cuts = g->cuts, *begins = g->begins + g->first;
    for (int column = 0; merge->telling != DEAF && column < merge->width; column++) {
        real *there = g->rows.feedback + (merge->source + column) * R;
        const real *re = g->groups.feedback + (merge->at + column) * G + g->first;
        const integer *winner = g->groups.winners + (merge->winners + column) * G + g->first;
        if (merge->telling == SET) memset(there, 0, sizeof(real) * R);
        for (int i = 0; i < parts; i++) {
            real told = re[i];
            int place;
            switch (merge->how) {
            case BY_MEAN: told *= (real)1 / (real)(begins[i + 1] - begins[i]); /* fall through */
            case BY_SUM:
                for (int r = cuts[i]; r < cuts[i + 1]; r++) there[r] += told;
                continue;
            case BY_MAXIMUM: place = (int)winner[i] - g->from; break;
            case BY_FIRST: place = begins[i] - g->from; break;
            default: place = begins[i + 1] - 1 - g->from; /* BY_LAST */
            }
            if (place >= cuts[i] && place < cuts[i + 1]) there[place] += told;
        }
    }
}

static void groups_forward(const job_t *job, groups_t *g) {
    const int tiles = tiles_of(job, g);
    for (int tile = 0; tile < tiles; tile++) {
        const int known = rows_begin(job, g, tile);
        gather(job, &g->rows, g->ids, AHEAD, known, 0);
        forward(job, &job->on_rows, &g->rows);
        for (int i = 0; i < job->merges_count; i++) merge_forward(job->merges + i, g);
    }
    for (int i = 0; i < job->merges_count; i++) merge_end(job->merges + i, g);
    forward(job, &job->on_groups, &g->groups);
}

/* From the last rows to the first; the last ones are still there. */
static void groups_feedback(const job_t *job, groups_t *g, real *gradient) {
    int wanted = 0;
    feedback(job, &job->on_groups, &g->groups, gradient);
    for (int i = 0; i < job->merges_count; i++) wanted |= job->merges[i].telling != DEAF;
    const int tiles = wanted ? tiles_of(job, g) : 0;
    for (int tile = tiles - 1; tile >= 0; tile--) {
        if (tile < tiles - 1) {
            const int known = rows_begin(job, g, tile);
            gather(job, &g->rows, g->ids, AHEAD, known, 0);
            if (tile >= job->kept - 1) forward(job, &job->on_rows, &g->rows);
        }
        begin_feedback(&job->on_rows, &g->rows);
        for (int i = 0; i < job->merges_count; i++) merge_feedback(job->merges + i, g);
        feedback(job, &job->on_rows, &g->rows, gradient);
    }
}

#endif
