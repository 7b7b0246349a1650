/* Bends: one number in, one out. */
#ifndef BENDS_H
#define BENDS_H

#include "extremes.h"

INLINE void clip_forward(const op_t *op, const input_t *in, tile_t *t) {
    const long R = t->R, count = op->width * R;
    const vec low = splat((real)op->low), high = splat((real)op->high);
    EVERY(i, count)
        VEC(t->values + op->at * R + i) = smaller(high, larger(low, VEC(t->values + in->at * R + i)));
}

INLINE void clip_feedback(const op_t *op, const input_t *in, tile_t *t) {
    const long R = t->R, count = op->width * R;
    const vec low = splat((real)op->low), high = splat((real)op->high);
    real *told = t->feedback + op->at * R;
    EVERY(i, count) {
        const vec x = VEC(t->values + in->at * R + i);
        VEC(told + i) = (vec)((vec_integer)VEC(told + i) & (x > low) & (x < high));
    }
    tell(in, t->feedback + in->at * R, told, count, 1);
}

INLINE vec vec_sigmoid(vec x) {
    const vec fading = vec_exp(-larger(x, -x));
    return choose(x >= 0, splat(1), fading) / (1 + fading);
}

INLINE vec vec_tanh(vec x) {
    const vec fading = vec_exp(-2 * larger(x, -x)), size = (1 - fading) / (1 + fading);
    return choose(x >= 0, size, -size);
}

#define GELU_SCALE ((real)0.7978845608028654)
#define GELU_CUBE ((real)0.044715)

/* The curve at x; its slope there is left in `slope`. */
INLINE vec bend(const int curve, vec x, vec *slope) {
    if (curve == TANH) {
        const vec y = vec_tanh(x);
        *slope = 1 - y * y;
        return y;
    }
    if (curve == SIGMOID) {
        const vec y = vec_sigmoid(x);
        *slope = y * (1 - y);
        return y;
    }
    if (curve == SOFTPLUS) {
        *slope = vec_sigmoid(x);
        return larger(splat(0), x) + vec_log(1 + vec_exp(-larger(x, -x)));
    }
    if (curve == SWISH) {
        const vec gate = vec_sigmoid(x);
        *slope = gate + x * gate * (1 - gate);
        return x * gate;
    }
    const vec gate = vec_tanh(GELU_SCALE * (x + GELU_CUBE * x * x * x));
    *slope = (1 + gate) / 2 + x / 2 * (1 - gate * gate) * (GELU_SCALE * (1 + 3 * GELU_CUBE * x * x));
    return x * (1 + gate) / 2;
}

INLINE void curve_forward(const op_t *op, const input_t *in, tile_t *t) {
    const long R = t->R, count = op->width * R;
    real *slope = t->values + op->aux * R;
    EVERY(i, count) {
        vec steep;
        VEC(t->values + op->at * R + i) = bend(op->kind, VEC(t->values + in->at * R + i), &steep);
        VEC(slope + i) = steep;
    }
}

INLINE void curve_feedback(const op_t *op, const input_t *in, tile_t *t) {
    const long R = t->R, count = op->width * R;
    real *told = t->feedback + op->at * R;
    EVERY(i, count) VEC(told + i) *= VEC(t->values + op->aux * R + i);
    tell(in, t->feedback + in->at * R, told, count, 1);
}

INLINE void spline_forward(const op_t *op, const input_t *in, const job_t *job, tile_t *t) {
    const long R = t->R;
    const real gap = (real)(2 * op->high / (op->knots - 1)), reach = (real)op->high, last = (real)(op->knots - 1);
    for (int column = 0; column < op->width; column++) {
        const real *x = t->values + (in->at + column) * R;
        real *y = t->values + (op->at + column) * R, *places = t->values + (op->aux + column) * R;
        for (int r = 0; r < R; r++) {
            real place = (x[r] + reach) / gap;
            place = place > 0 ? place : 0;
            place = place < last ? place : last;
            const int left = (int)place < op->knots - 2 ? (int)place : op->knots - 2;
            const real *heights = job->parameters + op->weights + (long)left * op->stride + column;
            places[r] = place;
            y[r] = heights[0] + (place - (real)left) * (heights[op->stride] - heights[0]);
        }
    }
}

INLINE void spline_feedback(const op_t *op, const input_t *in, const job_t *job, tile_t *t, real *gradient) {
    const long R = t->R;
    const real gap = (real)(2 * op->high / (op->knots - 1)), last = (real)(op->knots - 1);
    for (int column = 0; column < op->width; column++) {
        const real *places = t->values + (op->aux + column) * R;
        real *re = t->feedback + (op->at + column) * R;
        for (int r = 0; r < t->rows; r++) {
            const int left = (int)places[r] < op->knots - 2 ? (int)places[r] : op->knots - 2;
            const real share = places[r] - (real)left;
            const long at = op->weights + (long)left * op->stride + column;
            if (t->learning) {
                gradient[at] += re[r] * (1 - share);
                gradient[at + op->stride] += re[r] * share;
            }
            const real slope = (job->parameters[at + op->stride] - job->parameters[at]) / gap;
            re[r] = places[r] > 0 && places[r] < last ? re[r] * slope : 0;
        }
    }
    tell(in, t->feedback + in->at * R, t->feedback + op->at * R, op->width * R, 1);
}

/* splitmix64, as engine/primitives/mask.py has it */
INLINE uint64_t mixed(uint64_t x) {
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

INLINE void mask_forward(const op_t *op, const input_t *in, tile_t *t) {
    const long R = t->R, count = op->width * R;
    const real *x = t->values + in->at * R;
    real *y = t->values + op->at * R, *factor = t->values + op->aux * R;
    if (!t->learning) {
        memcpy(y, x, sizeof(real) * count);
        EVERY(i, count) VEC(factor + i) = splat(1);
        return;
    }
    const uint64_t start = (t->seed ^ op->salt) + t->step * 0x9E3779B97F4A7C15u;
    for (int column = 0; column < op->width; column++)
        for (int r = 0; r < R; r++) {
            const uint64_t row = r < t->rows ? (uint64_t)t->ids[r] : 0;
            const uint64_t drawn = mixed(start + row * 0xD1B54A32D192ED03u + column * 0x8CB92BA72F3D8DD7u);
            factor[column * R + r] = (double)(drawn >> 11) * 0x1p-53 >= op->low ? (real)(1 / (1 - op->low)) : 0;
        }
    EVERY(i, count) VEC(y + i) = VEC(x + i) * VEC(factor + i);
}

#endif
