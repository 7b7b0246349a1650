/* Every operation, forward and its feedback. What each means is said in engine/primitives and engine/stacked.py. */
#ifndef OPERATIONS_H
#define OPERATIONS_H

#include "bends.h"
#include "combinations.h"
#include "teams.h"

INLINE void forward_here(const job_t *job, const level_t *level, tile_t *t) {
    for (const op_t *op = level->ops; op < level->ops + level->ops_count; op++) {
        const input_t *in = level->inputs + op->first_input;
        switch ((enum code)op->code) {
        case TEAM: team_forward(op, in, job, t); break;
        case BLEND: blend_forward(op, in, t); break;
        case EXTREME: extreme_forward(op, in, t); break;
        case COPY: copy_forward(op, in, t); break;
        case CLIP: clip_forward(op, in, t); break;
        case CURVE: curve_forward(op, in, t); break;
        case SPLINE: spline_forward(op, in, job, t); break;
        case MASK: mask_forward(op, in, t); break;
        case MULTIPLY: multiply_forward(op, in, t); break;
        case SOFTMAX: softmax_forward(op, in, t); break;
        case NORMALISE: normalise_forward(op, in, job, t); break;
        case CHOOSE: choose_forward(op, in, t); break;
        case MEDIAN: median_forward(op, in, t); break;
        case WEIGH: weigh_forward(op, in, job, t); break;
        case AGREE: agree_forward(op, in, t); break;
        }
    }
}

INLINE void feedback_here(const job_t *job, const level_t *level, tile_t *t, real *gradient) {
    for (const op_t *op = level->ops + level->ops_count - 1; op >= level->ops; op--) {
        const input_t *in = level->inputs + op->first_input;
        switch ((enum code)op->code) {
        case TEAM: team_feedback(op, in, job, t, gradient); break;
        case BLEND: blend_feedback(op, in, t); break;
        case EXTREME: extreme_feedback(op, in, t); break;
        case COPY: copy_feedback(op, in, t); break;
        case CLIP: clip_feedback(op, in, t); break;
        case CURVE: curve_feedback(op, in, t); break;
        case SPLINE: spline_feedback(op, in, job, t, gradient); break;
        case MASK: curve_feedback(op, in, t); break;
        case MULTIPLY: multiply_feedback(op, in, t); break;
        case SOFTMAX: softmax_feedback(op, in, t); break;
        case NORMALISE: normalise_feedback(op, in, job, t, gradient); break;
        case CHOOSE: choose_feedback(op, in, t); break;
        case MEDIAN: share_feedback(op, in, t); break;
        case WEIGH: weigh_feedback(op, in, t, gradient); break;
        case AGREE: share_feedback(op, in, t); break;
        }
    }
}

static void forward(const job_t *job, const level_t *level, tile_t *t) {
    forward_here(job, level, t);
}

static void feedback(const job_t *job, const level_t *level, tile_t *t, real *gradient) {
    feedback_here(job, level, t, gradient);
}

#endif
