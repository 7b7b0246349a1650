/* How the parameters change, given the summed gradient; engine/optimizers and engine/training/acting.py say why. */
#ifndef OPTIMISERS_H
#define OPTIMISERS_H

#include "vectors.h"

enum optimizer { SGD, MOMENTUM, ADAM, ADAMW };

#if REAL_BYTES == 4
#define ROOT(x) sqrtf(x)
#else
#define ROOT(x) sqrt(x)
#endif

/* What the weights' sizes cost is told as if it were part of the loss. */
INLINE void tell_sizes(const job_t *job, real *restrict g, long from, long to) {
    const real *restrict p = job->parameters, *restrict weights = job->weights;
    const real l1 = (real)job->l1, l2 = (real)job->l2;
    if (l2 != 0)
        for (long i = from; i < to; i++) g[i] += l2 * weights[i] * p[i];
    if (l1 != 0)
        for (long i = from; i < to; i++) g[i] += l1 * weights[i] * (real)((p[i] > 0) - (p[i] < 0));
}

/* A gradient longer than the clip is shortened to it. */
INLINE void shorten(const job_t *job, real *g) {
    double square = 0;
    for (long i = 0; i < job->size; i++) square += (double)g[i] * (double)g[i];
    const double length = sqrt(square);
    if (length <= job->clip) return;
    const real factor = (real)(job->clip / length);
    for (long i = 0; i < job->size; i++) g[i] *= factor;
}

INLINE void sgd(const job_t *job, real *restrict p, const real *restrict g, const double *by, long from, long to) {
    const real rate = (real)by[0];
    for (long i = from; i < to; i++) p[i] -= rate * g[i];
}

INLINE void momentum(const job_t *job, real *restrict p, const real *restrict g, const double *by, long from, long to) {
    const real rate = (real)by[0], kept = (real)by[job->steps];
    real *restrict speed = job->memory[0];
    for (long i = from; i < to; i++) {
        speed[i] = kept * speed[i] + g[i];
        p[i] -= rate * speed[i];
    }
}

INLINE void adam(const job_t *job, real *restrict p, const real *restrict g, const double *by, long from, long to) {
    const long apart = job->steps;
    const real fade_mean = (real)by[0], fade_square = (real)by[apart];
    const real rate = (real)by[2 * apart], epsilon = (real)by[3 * apart];
    real *restrict mean = job->memory[0], *restrict square = job->memory[1];
    for (long i = from; i < to; i += VECTOR) {
        const vec told = *(const vec *)(g + i);
        const vec m = VEC(mean + i) + fade_mean * (told - VEC(mean + i));
        const vec s = VEC(square + i) + fade_square * (told * told - VEC(square + i));
        VEC(mean + i) = m;
        VEC(square + i) = s;
        VEC(p + i) -= rate * m / (vec_sqrt(s) + epsilon);
    }
}

INLINE void step_by(const job_t *job, real *p, const real *g, const double *by, long from, long to) {
    switch ((enum optimizer)job->optimizer) {
    case SGD: sgd(job, p, g, by, from, to); break;
    case MOMENTUM: momentum(job, p, g, by, from, to); break;
    case ADAM:
    case ADAMW: adam(job, p, g, by, from, to); break;
    }
}

/* The step with all that surrounds it, a stretch at a time so that the parameters before it can be kept. */
INLINE void held_step(const job_t *job, const real *g, const double *by, long step, long from, long to) {
    enum { STRETCH = 256 };
    real before[STRETCH];
    const real shrink = (real)(job->rates[step] * job->decay);
    for (long start = from; start < to; start += STRETCH) {
        const long end = start + STRETCH < to ? start + STRETCH : to;
        real *p = job->parameters;
        memcpy(before, p + start, sizeof(real) * (end - start));
        step_by(job, p, g, by, start, end);
        for (long i = start; i < end; i++) {
            const real old = before[i - start];
            real new = p[i] - shrink * job->weights[i] * old;
            if (job->speeds) new = old + job->speeds[i] * (new - old);
            if (job->lows) {
                new = new < job->lows[i] ? job->lows[i] : new;
                new = new > job->highs[i] ? job->highs[i] : new;
            }
            p[i] = new;
        }
    }
}

INLINE void update(const job_t *job, const real *g, long step, long from, long to) {
    const double *by = job->coefficient + step;
    if (job->decay != 0 || job->speeds || job->lows) held_step(job, g, by, step, from, to);
    else step_by(job, job->parameters, g, by, from, to);
    if (!job->average) return;
    const real follows = (real)(1 - job->follow[step]);
    for (long i = from; i < to; i++) job->average[i] += follows * (job->parameters[i] - job->average[i]);
}

#endif
