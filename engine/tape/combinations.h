/* What combines several inputs, or the numbers of a whole row. */
#ifndef COMBINATIONS_H
#define COMBINATIONS_H

#include "extremes.h"

INLINE void blend_forward(const op_t *op, const input_t *in, tile_t *t) {
    const long R = t->R, count = op->width * R;
    real *result = t->values + op->at * R;
    EVERY(i, count) {
        vec sum = (real)in[0].factor * VEC(t->values + in[0].at * R + i);
        for (int place = 1; place < op->inputs; place++)
            sum += (real)in[place].factor * VEC(t->values + in[place].at * R + i);
        VEC(result + i) = sum;
    }
}

INLINE void blend_feedback(const op_t *op, const input_t *in, tile_t *t) {
    const long R = t->R;
    for (int place = 0; place < op->inputs; place++)
        tell(in + place, t->feedback + in[place].at * R, t->feedback + op->at * R, op->width * R, in[place].factor);
}

/* Numbers side by side: for what cannot be read where it stands. */
INLINE void copy_forward(const op_t *op, const input_t *in, tile_t *t) {
    const long R = t->R;
    real *result = t->values + op->at * R;
    for (int place = 0; place < op->inputs; result += in[place++].width * R)
        memcpy(result, t->values + in[place].at * R, sizeof(real) * in[place].width * R);
}

INLINE void copy_feedback(const op_t *op, const input_t *in, tile_t *t) {
    const long R = t->R;
    const real *re = t->feedback + op->at * R;
    for (int place = 0; place < op->inputs; re += in[place++].width * R)
        tell(in + place, t->feedback + in[place].at * R, re, in[place].width * R, 1);
}

INLINE void extreme_forward(const op_t *op, const input_t *in, tile_t *t) {
    const long R = t->R, count = op->width * R;
    real *z = t->values + op->aux * R;
    for (int place = 0; place < op->inputs; place++)
        memcpy(z + place * count, t->values + in[place].at * R, sizeof(real) * count);
    const int highest = op->reduce == HIGHEST;
    if (op->softens && t->softness > 0) soft_extreme(t->values + op->at * R, z, op->inputs, count, highest, t->softness);
    else hard_extreme(t->values + op->at * R, t->winners + op->winners * R, z, op->inputs, count, highest);
}

INLINE void extreme_feedback(const op_t *op, const input_t *in, tile_t *t) {
    const long R = t->R, count = op->width * R;
    const real *re = t->feedback + op->at * R, *shares = t->values + op->aux * R;
    const integer *winner = t->winners + op->winners * R;
    const int soft = op->softens && t->softness > 0;
    for (int place = 0; place < op->inputs; place++) {
        real *there = t->feedback + in[place].at * R;
        if (in[place].telling == DEAF) continue;
        EVERY(i, count) {
            vec told = VEC(re + i);
            if (soft) told *= VEC(shares + place * count + i);
            else told = (vec)((*(const vec_integer *)(winner + i) == (integer)place) & (vec_integer)told);
            if (in[place].telling == ADD) told += VEC(there + i);
            VEC(there + i) = told;
        }
    }
}

INLINE void multiply_forward(const op_t *op, const input_t *in, tile_t *t) {
    const long R = t->R, count = op->width * R;
    real *before = t->values + op->aux * R; /* the product of all inputs before this one */
    EVERY(i, count) {
        vec sofar = splat(1);
        for (int place = 0; place < op->inputs; place++) {
            VEC(before + place * count + i) = sofar;
            sofar *= VEC(t->values + in[place].at * R + i);
        }
        VEC(t->values + op->at * R + i) = sofar;
    }
}

INLINE void multiply_feedback(const op_t *op, const input_t *in, tile_t *t) {
    const long R = t->R, count = op->width * R;
    const real *before = t->values + op->aux * R;
    real *after = t->feedback + op->at * R, *told = t->feedback + op->aux * R;
    for (int place = op->inputs - 1; place >= 0; place--) EVERY(i, count) {
        VEC(told + place * count + i) = VEC(before + place * count + i) * VEC(after + i);
        VEC(after + i) *= VEC(t->values + in[place].at * R + i);
    }
    for (int place = 0; place < op->inputs; place++)
        tell(in + place, t->feedback + in[place].at * R, told + place * count, count, 1);
}

/* shares[width x R] of each row, by numbers that are a multiple of `slope` apart */
INLINE void row_shares(real *shares, const real *x, int width, long R, real slope) {
    EVERY(r, R) {
        vec top = VEC(x + r), sum = {0};
        for (int i = 1; i < width; i++) top = larger(top, VEC(x + i * R + r));
        for (int i = 0; i < width; i++) sum += VEC(shares + i * R + r) = vec_exp((VEC(x + i * R + r) - top) * slope);
        for (int i = 0; i < width; i++) VEC(shares + i * R + r) /= sum;
    }
}

INLINE void softmax_forward(const op_t *op, const input_t *in, tile_t *t) {
    row_shares(t->values + op->at * t->R, t->values + in->at * t->R, op->width, t->R, 1);
}

INLINE void softmax_feedback(const op_t *op, const input_t *in, tile_t *t) {
    const long R = t->R;
    const real *shares = t->values + op->at * R;
    real *re = t->feedback + op->at * R;
    EVERY(r, R) {
        vec mean = {0};
        for (int i = 0; i < op->width; i++) mean += VEC(re + i * R + r) * VEC(shares + i * R + r);
        for (int i = 0; i < op->width; i++) VEC(re + i * R + r) = VEC(shares + i * R + r) * (VEC(re + i * R + r) - mean);
    }
    tell(in, t->feedback + in->at * R, re, op->width * R, 1);
}

INLINE void normalise_forward(const op_t *op, const input_t *in, const job_t *job, tile_t *t) {
    const long R = t->R;
    const real *x = t->values + in->at * R, *scale = job->parameters + op->weights, *shift = job->parameters + op->bias;
    real *level = t->values + op->aux * R, *inverse = level + op->width * R;
    EVERY(r, R) {
        vec mean = {0}, square = {0};
        for (int i = 0; i < op->width; i++) mean += VEC(x + i * R + r);
        mean *= (real)1 / op->width;
        for (int i = 0; i < op->width; i++) square += (VEC(x + i * R + r) - mean) * (VEC(x + i * R + r) - mean);
        const vec by = 1 / vec_sqrt(square * ((real)1 / op->width) + (real)op->low);
        VEC(inverse + r) = by;
        for (int i = 0; i < op->width; i++) {
            VEC(level + i * R + r) = (VEC(x + i * R + r) - mean) * by;
            VEC(t->values + (op->at + i) * R + r) = VEC(level + i * R + r) * scale[i] + shift[i];
        }
    }
}

INLINE void normalise_feedback(const op_t *op, const input_t *in, const job_t *job, tile_t *t, real *gradient) {
    const long R = t->R;
    const real *scale = job->parameters + op->weights, *level = t->values + op->aux * R;
    const real *inverse = level + op->width * R, share = (real)1 / op->width;
    real *re = t->feedback + op->at * R, *along = t->feedback + op->aux * R;
    EVERY(i, op->width * R) VEC(along + i) = VEC(re + i) * VEC(level + i);
    if (t->learning) {
        sum_of_rows(gradient + op->weights, along, op->width, R);
        sum_of_rows(gradient + op->bias, re, op->width, R);
    }
    EVERY(r, R) {
        vec mean = {0}, tilt = {0};
        for (int i = 0; i < op->width; i++) {
            VEC(re + i * R + r) *= scale[i];
            mean += VEC(re + i * R + r);
            tilt += VEC(re + i * R + r) * VEC(level + i * R + r);
        }
        for (int i = 0; i < op->width; i++)
            VEC(re + i * R + r) =
                VEC(inverse + r) * (VEC(re + i * R + r) - mean * share - VEC(level + i * R + r) * tilt * share);
    }
    tell(in, t->feedback + in->at * R, re, op->width * R, 1);
}

INLINE void choose_forward(const op_t *op, const input_t *in, tile_t *t) {
    const long R = t->R;
    const int options = op->inputs - 1;
    const real *scores = t->values + in->at * R;
    real *shares = t->values + op->aux * R;
    integer *winner = t->winners + op->winners * R;
    if (op->softens && t->softness > 0) {
        row_shares(shares, scores, options, R, 1 / t->softness);
    } else {
        hard_extreme(shares, winner, scores, options, R, 1);
        for (int option = 0; option < options; option++)
            for (int r = 0; r < R; r++) shares[option * R + r] = winner[r] == option;
    }
    for (int column = 0; column < op->width; column++) EVERY(r, R) {
        vec sum = {0};
        for (int option = 0; option < options; option++)
            sum += part_of(VEC(shares + option * R + r), VEC(t->values + (in[option + 1].at + column) * R + r));
        VEC(t->values + (op->at + column) * R + r) = sum;
    }
}

INLINE void choose_feedback(const op_t *op, const input_t *in, tile_t *t) {
    const long R = t->R, count = op->width * R;
    const int options = op->inputs - 1, soft = op->softens && t->softness > 0;
    const real *shares = t->values + op->aux * R, *result = t->values + op->at * R;
    const real *re = t->feedback + op->at * R;
    real *gains = t->feedback + op->aux * R, *told = gains + options * R;
    for (int option = 0; option < options; option++) EVERY(r, R) {
        vec gain = {0};
        for (int column = 0; soft && column < op->width; column++)
            gain += VEC(re + column * R + r) *
                    (VEC(t->values + (in[option + 1].at + column) * R + r) - VEC(result + column * R + r));
        if (soft) gain *= VEC(shares + option * R + r) / t->softness;
        VEC(gains + option * R + r) = gain;
    }
    tell(in, t->feedback + in->at * R, gains, options * R, 1);
    for (int option = 0; option < options; option++) {
        for (int column = 0; column < op->width; column++) EVERY(r, R)
            VEC(told + column * R + r) = VEC(re + column * R + r) * VEC(shares + option * R + r);
        tell(in + option + 1, t->feedback + in[option + 1].at * R, told, count, 1);
    }
}

/* Each input's share of a number: 1 for the middle one, a half each for the middle two; the first of equals is lower. */
INLINE void median_forward(const op_t *op, const input_t *in, tile_t *t) {
    const long R = t->R, count = op->width * R;
    const int low = (op->inputs - 1) / 2, high = op->inputs / 2;
    const real share = low == high ? 1 : (real)0.5;
    real *shares = t->values + op->aux * R, *result = t->values + op->at * R;
    EVERY(i, count) VEC(result + i) = splat(0);
    for (int place = 0; place < op->inputs; place++) EVERY(i, count) {
        const vec x = VEC(t->values + in[place].at * R + i);
        vec_integer rank = {0};
        for (int other = 0; other < op->inputs; other++) {
            const vec y = VEC(t->values + in[other].at * R + i);
            vec_integer below = y < x;
            if (other < place) below |= y == x;
            rank -= below;
        }
        const vec part = (vec)((vec_integer)splat(share) & (rank >= low) & (rank <= high));
        VEC(shares + place * count + i) = part;
        VEC(result + i) += part_of(part, x);
    }
}

/* Each input gets its share of the feedback; the shares are those that the forward pass left. */
INLINE void share_feedback(const op_t *op, const input_t *in, tile_t *t) {
    const long R = t->R, count = op->width * R;
    const real *shares = t->values + op->aux * R, *re = t->feedback + op->at * R;
    real *told = t->feedback + op->aux * R;
    for (int place = 0; place < op->inputs; place++) {
        EVERY(i, count) VEC(told + i) = VEC(re + i) * VEC(shares + place * count + i);
        tell(in + place, t->feedback + in[place].at * R, told, count, 1);
    }
}

INLINE void weigh_shares(const op_t *op, const job_t *job, real *shares) {
    const real *scores = job->parameters + op->weights;
    real top = scores[0], sum = 0;
    for (int i = 1; i < op->inputs; i++) top = scores[i] > top ? scores[i] : top;
    for (int i = 0; i < op->inputs; i++) sum += shares[i] = (real)exp(scores[i] - top);
    for (int i = 0; i < op->inputs; i++) shares[i] /= sum;
}

INLINE void weigh_forward(const op_t *op, const input_t *in, const job_t *job, tile_t *t) {
    const long R = t->R, count = op->width * R;
    real *shares = t->values + op->aux * R; /* one number an input, at the head of its room */
    weigh_shares(op, job, shares);
    EVERY(i, count) {
        vec sum = {0};
        for (int place = 0; place < op->inputs; place++) sum += shares[place] * VEC(t->values + in[place].at * R + i);
        VEC(t->values + op->at * R + i) = sum;
    }
}

INLINE void weigh_feedback(const op_t *op, const input_t *in, tile_t *t, real *gradient) {
    const long R = t->R, count = op->width * R;
    const real *shares = t->values + op->aux * R, *re = t->feedback + op->at * R, *result = t->values + op->at * R;
    for (int place = 0; place < op->inputs; place++) {
        vec gain = {0};
        EVERY(i, count) gain += VEC(re + i) * (VEC(t->values + in[place].at * R + i) - VEC(result + i));
        for (int j = 0; t->learning && j < VECTOR; j++) gradient[op->weights + place] += shares[place] * gain[j];
        tell(in + place, t->feedback + in[place].at * R, re, count, shares[place]);
    }
}

/* The chance that scores average, as a score; how steep each one's chance is beside it is its share of the feedback. */
INLINE void agree_forward(const op_t *op, const input_t *in, tile_t *t) {
    const long R = t->R, count = op->width * R;
    real *shares = t->values + op->aux * R;
    EVERY(i, count) {
        vec yes = {0}, no = {0};
        for (int place = 0; place < op->inputs; place++) {
            const vec x = VEC(t->values + in[place].at * R + i), fading = vec_exp(-larger(x, -x));
            const vec less = fading / (1 + fading), more = 1 / (1 + fading);
            yes += choose(x >= 0, more, less);
            no += choose(x >= 0, less, more);
            VEC(shares + place * count + i) = less * more;
        }
        VEC(t->values + op->at * R + i) = vec_log(yes) - vec_log(no);
        const vec scale = (real)op->inputs / (yes * no);
        for (int place = 0; place < op->inputs; place++) VEC(shares + place * count + i) *= scale;
    }
}

#endif
