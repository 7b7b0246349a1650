/* Teams: linear workers that read one task, with the combinator above them folded in (engine/stacked.py). */
#ifndef TEAMS_H
#define TEAMS_H

#include "extremes.h"

#define MARKED_PIECES 32 /* with more pieces than this, going through the rows by winner gains nothing */
#define SUMMED_UNITS 8   /* so many units' and columns' weights are added up at a time */
#define SUMMED_COLUMNS 64

/* The sum of linear workers is one of their summed weights; while learning, nobody asks what each came to. */
INLINE void team_forward_summed(const op_t *op, const input_t *in, const job_t *job, tile_t *t) {
    const long R = t->R, stride = op->stride;
    const real *weights = job->parameters + op->weights, *bias = op->bias < 0 ? 0 : job->parameters + op->bias;
    const real factor = (real)in->factor;
    real summed[SUMMED_UNITS * SUMMED_COLUMNS], begun[SUMMED_UNITS];
    for (int first = 0; first < op->units; first += SUMMED_UNITS) {
        const int units = op->units - first < SUMMED_UNITS ? op->units - first : SUMMED_UNITS;
        for (int unit = 0; unit < units; unit++) {
            begun[unit] = 0;
            for (int piece = 0; bias && piece < op->pieces; piece++)
                begun[unit] += factor * bias[piece * op->units + first + unit];
        }
        for (int from = 0; from < in->width; from += SUMMED_COLUMNS) {
            const int columns = in->width - from < SUMMED_COLUMNS ? in->width - from : SUMMED_COLUMNS;
            for (int unit = 0; unit < units; unit++) EVERY(c, columns) {
                vec sum = {0};
                for (int piece = 0; piece < op->pieces; piece++)
                    sum += *(const vec *)(weights + (piece * op->units + first + unit) * stride + from + c);
                VEC(summed + unit * SUMMED_COLUMNS + c) = factor * sum;
            }
            product(t->values + (op->at + first) * R, R, summed, SUMMED_COLUMNS, 1, t->values + (in->at + from) * R, R,
                    units, R, columns, from ? THERE : BIASED, begun);
        }
    }
}

INLINE void team_forward(const op_t *op, const input_t *in, const job_t *job, tile_t *t) {
    const long R = t->R, n = (long)op->pieces * op->units;
    const real *weights = job->parameters + op->weights, *bias = op->bias < 0 ? 0 : job->parameters + op->bias;
    real *result = t->values + op->at * R, *z = op->reduce == NONE ? result : t->values + op->aux * R;
    if (op->reduce == SUM && t->learning) return team_forward_summed(op, in, job, t);
    product(z, R, weights, op->stride, 1, t->values + in->at * R, R, n, R, in->width, bias ? BIASED : NOTHING, bias);
    if (op->reduce == SUM) {
        const long count = op->units * R;
        EVERY(i, count) {
            vec sum = VEC(z + i);
            for (int piece = 1; piece < op->pieces; piece++) sum += VEC(z + piece * count + i);
            VEC(result + i) = (real)in->factor * sum;
        }
    } else if (op->reduce != NONE) {
        const int highest = op->reduce == HIGHEST;
        if (op->softens && t->softness > 0) soft_extreme(result, z, op->pieces, op->units * R, highest, t->softness);
        else hard_extreme(result, t->winners + op->winners * R, z, op->pieces, op->units * R, highest);
    }
}

/* Which rows a piece wins, a bit each, and what they are told in all. */
INLINE uint64_t rows_won(const integer *winner, const integer piece, const real *re, const tile_t *t, real *told) {
    uint64_t won = 0;
    vec sum = {0};
    for (int r = 0; r < t->R; r += VECTOR) {
        const vec_integer mine = *(const vec_integer *)(winner + r) == piece;
        won |= (uint64_t)marks(mine) << r;
        sum += (vec)(mine & (vec_integer)VEC(re + r));
    }
    *told += total(sum);
    return won & (~(uint64_t)0 >> (MOST_ROWS - t->rows));
}

/* Where a row is few registers: row by row, so that the units' weights are worked on at the same time. */
INLINE void team_learn_row_by_row(const op_t *op, const real *re_result, real *re_weights, real *re_bias,
                                  const real *rows, const tile_t *t, const int registers) {
    const long R = t->R, stride = op->stride;
    for (int r = 0; r < t->rows; r++) {
        const integer *winner = t->winners + op->winners * R + r;
        const wide *row = (const wide *)(rows + r * stride);
        for (int unit = 0; unit < op->units; unit++) {
            const long won = winner[unit * R] * op->units + unit;
            const real told = re_result[unit * R + r];
            wide *learnt = (wide *)(re_weights + won * stride);
            re_bias[won] += told;
            for (int i = 0; i < registers; i++) learnt[i] += told * row[i];
        }
    }
}

/* Feedback goes to the winners alone: each row touches the weights of one piece a unit. */
INLINE void team_learn_winners(const op_t *op, const real *re_result, real *re_weights, real *re_bias,
                               const real *rows, const tile_t *t) {
    const long R = t->R, stride = op->stride;
    if (stride == WIDE) return team_learn_row_by_row(op, re_result, re_weights, re_bias, rows, t, 1);
    if (stride == 2 * WIDE) return team_learn_row_by_row(op, re_result, re_weights, re_bias, rows, t, 2);
    const int marking = op->pieces <= MARKED_PIECES && op->pieces * 4 <= t->rows && stride >= 32;
    for (int unit = 0; unit < op->units; unit++) {
        const integer *winner = t->winners + (op->winners + unit) * R;
        const real *re = re_result + unit * R;
        if (marking) {
            for (int piece = 0; piece < op->pieces; piece++) {
                const long row = (long)piece * op->units + unit;
                const uint64_t won = rows_won(winner, piece, re, t, re_bias + row);
                add_marked(re_weights + row * stride, stride, won, re, rows, stride);
            }
            continue;
        }
        for (int r = 0; r < t->rows; r++) {
            const long row = winner[r] * op->units + unit;
            const int one = 0;
            re_bias[row] += re[r];
            add_rows(re_weights + row * stride, stride, &one, re + r, 1, rows + r * stride, stride);
        }
    }
}

INLINE void team_tell_winners(const op_t *op, const input_t *in, const real *re_result, const real *weights,
                              real *re_rows, tile_t *t) {
    const long R = t->R, stride = op->stride;
    memset(re_rows, 0, sizeof(real) * R * stride);
    for (int first = 0; first < op->units; first += 8) { /* the weights of eight units stay in the first cache */
        const int count = op->units - first < 8 ? op->units - first : 8;
        for (int r = 0; r < t->rows; r++) {
            int chosen[8];
            real factor[8];
            for (int i = 0; i < count; i++) {
                chosen[i] = (int)t->winners[(op->winners + first + i) * R + r] * op->units + first + i;
                factor[i] = re_result[(first + i) * R + r];
            }
            add_rows(re_rows + r * stride, stride, chosen, factor, count, weights, stride);
        }
    }
    real *there = t->feedback + in->at * R;
    if (in->telling == SET) {
        turn(there, R, re_rows, stride, R, in->width);
    } else {
        real *turned = re_rows + R * stride;
        turn(turned, R, re_rows, stride, R, in->width);
        tell(in, there, turned, in->width * R, 1);
    }
}

INLINE void team_feedback(const op_t *op, const input_t *in, const job_t *job, tile_t *t, real *gradient) {
    const long R = t->R, stride = op->stride, count = op->units * R, n = (long)op->pieces * op->units;
    const real *re_result = t->feedback + op->at * R, *weights = job->parameters + op->weights;
    real *re_weights = gradient + op->weights, nowhere[1], *re_bias = op->bias < 0 ? nowhere : gradient + op->bias;
    real *rows = t->by_row + op->rows_at, *re_rows = rows + job->tile_rows * stride;
    if (op->rows_at > 0 && t->learning) turn(rows, stride, t->values + in->at * R, R, in->width, R); /* 0: the rows as gathered */
    const int extreme = op->reduce == HIGHEST || op->reduce == LOWEST;
    const int soft = op->softens && t->softness > 0;
    if (extreme && !soft && op->pieces > 2) {
        if (t->learning) team_learn_winners(op, re_result, re_weights, re_bias, rows, t);
        if (in->telling != DEAF) team_tell_winners(op, in, re_result, weights, re_rows, t);
        return;
    }
    real *z = t->feedback + op->aux * R; /* feedback on every piece */
    long told = n;
    if (extreme) {
        const real *shares = t->values + op->aux * R;
        const integer *winner = t->winners + op->winners * R;
        for (int piece = 0; piece < op->pieces; piece++) EVERY(i, count) {
            if (soft) VEC(z + piece * count + i) = VEC(shares + piece * count + i) * VEC(re_result + i);
            else VEC(z + piece * count + i) =
                (vec)((*(const vec_integer *)(winner + i) == (integer)piece) & (vec_integer)VEC(re_result + i));
        }
    } else if (op->reduce == SUM) { /* every piece is told the same: worked out for the first, copied after the batch */
        EVERY(i, count) VEC(z + i) = (real)in->factor * VEC(re_result + i);
        told = op->units;
    } else z = (real *)re_result;
    if (t->learning) {
        if (op->bias >= 0) sum_of_rows(re_bias, z, told, R);
        product(re_weights, stride, z, R, 1, rows, stride, told, stride, t->rows, THERE, 0);
    }
    if (in->telling == DEAF) return;
    real *there = t->feedback + in->at * R;
    for (int piece = 0; piece < (op->reduce == SUM ? op->pieces : 1); piece++)
        product(there, R, weights + (long)piece * op->units * stride, 1, stride, z, R, in->width, R, told,
                in->telling == SET && !piece ? NOTHING : THERE, 0);
}

/* The pieces of a summed team share one gradient: the first piece's is copied to the others after the last tile. */
INLINE void team_share(const op_t *op, real *gradient) {
    if (op->code != TEAM || op->reduce != SUM) return;
    const long size = (long)op->units * op->stride;
    real *weights = gradient + op->weights, *bias = gradient + op->bias;
    for (int piece = 1; piece < op->pieces; piece++) {
        EVERY(i, size) VEC(weights + piece * size + i) = VEC(weights + i);
        for (int unit = 0; op->bias >= 0 && unit < op->units; unit++) bias[piece * op->units + unit] = bias[unit];
    }
}

INLINE void share_pieces(const level_t *level, real *gradient) {
    for (int i = 0; i < level->ops_count; i++) team_share(level->ops + i, gradient);
}

#endif
