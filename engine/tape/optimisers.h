/* How the parameters change, given the summed gradient; engine/optimizers says what each means. */
#ifndef OPTIMISERS_H
#define OPTIMISERS_H

#include "vectors.h"

enum optimizer { SGD, ADAM };

INLINE void adam(const job_t *job, const real *gradient, const double *coefficient, long from, long to) {
    const real fade_mean = (real)coefficient[0], fade_square = (real)coefficient[1];
    const real rate = (real)coefficient[2], epsilon = (real)coefficient[3];
    real *restrict p = job->parameters, *restrict mean = job->memory[0], *restrict square = job->memory[1];
    const real *restrict g = gradient;
    for (long i = from; i < to; i++) {
        mean[i] += fade_mean * (g[i] - mean[i]);
        square[i] += fade_square * (g[i] * g[i] - square[i]);
#if REAL_BYTES == 4
        p[i] -= rate * mean[i] / (sqrtf(square[i]) + epsilon);
#else
        p[i] -= rate * mean[i] / (sqrt(square[i]) + epsilon);
#endif
    }
}

INLINE void sgd(const job_t *job, const real *gradient, const double *coefficient, long from, long to) {
    const real rate = (real)coefficient[0];
    real *restrict p = job->parameters;
    const real *restrict g = gradient;
    for (long i = from; i < to; i++) p[i] -= rate * g[i];
}

INLINE void update(const job_t *job, const real *gradient, long step, long from, long to) {
    const double *coefficient = job->coefficient + step * job->coefficients;
    switch (job->optimizer) {
    case SGD: sgd(job, gradient, coefficient, from, to); break;
    case ADAM: adam(job, gradient, coefficient, from, to); break;
    }
}

#endif
