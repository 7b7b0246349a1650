/* Runs a recorded program over many training steps without returning: gather, forward, loss, feedback, update.
 *
 * Each batch is cut into tiles; tile n belongs to lane n % lanes, and a lane adds up its tiles' gradients in order. The
 * lanes are shared out among the threads and added up in order, so that one thread and several come to the same bits.
 */
#include "tape.h"

#include "operations.h"

#include "goals.h"
#include "optimisers.h"

#include "meeting.h"

#include <stdlib.h>

#define AHEAD 64 /* rows that are asked for before they are needed: the next tile comes while this one is at work */
#define LINE 64  /* bytes that memory hands out at once */
#define FEW 16384 /* numbers that one thread adds up and updates sooner than several agree on it */

typedef struct {
    const job_t *job;
    int number;
    double *sums; /* lanes x goals */
    meeting_t *meeting;
} hand_t;

/* Brings a tile's rows in: as they are for the weights' gradients, and turned for everything else. left: how many rows
 * are still to be visited, these included. */
INLINE void gather(const job_t *job, tile_t *t, const int32_t *ids, long left) {
    const long columns = job->columns, stride = (columns + LANES - 1) / LANES * LANES;
    for (int r = 0; r < t->rows; r++) {
        const long ahead = ids[r + AHEAD < left ? r + AHEAD : r];
        const real *far = job->task + ahead * columns;
        __builtin_prefetch(job->targets + ahead * job->target_columns);
        for (long c = 0; c < columns; c += LINE / (int)sizeof(real)) __builtin_prefetch(far + c);
        copy(t->by_row + r * stride, job->task + (long)ids[r] * columns, columns);
    }
    for (int r = t->rows; r < t->R; r++) memset(t->by_row + r * stride, 0, sizeof(real) * columns);
    turn(t->values, t->R, t->by_row, stride, t->R, (int)columns);
    t->ids = ids;
}

static void learn_tile(const job_t *job, tile_t *t, real *gradient, real share, double *sums) {
    forward(job, t);
    for (int i = 0; i < job->zeroed_count; i++)
        memset(t->feedback + job->zeroed[2 * i] * t->R, 0, sizeof(real) * job->zeroed[2 * i + 1] * t->R);
    for (int i = 0; i < job->goals_count; i++) sums[i] += judge(job, job->goals + i, t, share);
    feedback(job, t, gradient);
}

static void learn_lane(const job_t *job, tile_t *t, int lane_number, long step, double *sums) {
    const int32_t *ids = job->rows + job->starts[step];
    const int batch = job->starts[step + 1] - job->starts[step], R = job->tile_rows;
    const long visited = job->starts[job->steps] - job->starts[step];
    real *gradient = job->gradients + lane_number * job->size;
    memset(gradient, 0, sizeof(real) * job->size);
    for (int i = 0; i < job->goals_count; i++) sums[i] = 0;
    for (int first = lane_number * R; first < batch; first += job->lanes * R) {
        t->rows = batch - first < R ? batch - first : R;
        gather(job, t, ids + first, visited - first);
        learn_tile(job, t, gradient, (real)1 / batch, sums);
    }
}

static void add_up(const job_t *job, long from, long to) {
    for (int other = 1; other < job->lanes; other++) {
        const real *more = job->gradients + other * job->size;
        for (long i = from; i < to; i++) job->gradients[i] += more[i];
    }
}

static void *work(void *given) {
    const hand_t *hand = given;
    const job_t *job = hand->job;
    const int goals = job->goals_count, shared = job->size > FEW;
    int in_vain = 0;
    real *own = job->scratch + hand->number * job->scratch_size;
    tile_t t = {.R = job->tile_rows, .seed = job->seed, .learning = 1};
    t.values = own;
    t.feedback = t.values + (long)job->numbers * t.R;
    t.by_row = t.feedback + (long)job->numbers * t.R;
    t.winners = (lane *)(t.by_row + job->by_row);
    const long from = shared ? job->size / LANES * hand->number / job->threads * LANES : 0;
    const long to = shared ? job->size / LANES * (hand->number + 1) / job->threads * LANES : hand->number ? 0 : job->size;
    for (long step = 0; step < job->steps; step++) {
        t.step = job->step + step;
        t.softness = (real)job->softness[step];
        for (int l = hand->number; l < job->lanes; l += job->threads) learn_lane(job, &t, l, step, hand->sums + l * goals);
        meet(hand->meeting, &in_vain);
        add_up(job, from, to);
        if (shared) meet(hand->meeting, &in_vain);
        if (hand->number == 0) {
            const double batch = job->starts[step + 1] - job->starts[step];
            for (int i = 0; i < goals; i++) {
                double sum = 0;
                for (int l = 0; l < job->lanes; l++) sum += hand->sums[l * goals + i];
                job->losses[step * goals + i] = sum / batch;
            }
            for (int i = 0; i < job->ops_count; i++) team_share(job->ops + i, job->gradients);
            if (job->l1 != 0 || job->l2 != 0) tell_sizes(job, job->gradients, 0, job->size);
            if (job->clip != 0) shorten(job, job->gradients);
        }
        if (shared) meet(hand->meeting, &in_vain);
        update(job, job->gradients, step, from, to);
        meet(hand->meeting, &in_vain);
    }
    return 0;
}

#if REAL_BYTES == 4
#include "shuffle.h"
#define run run_float32

/* Whether Python fills in the very shapes that this was compiled with. */
int fits(long job, long op, long input, long goal) {
    return job == sizeof(job_t) && op == sizeof(op_t) && input == sizeof(input_t) && goal == sizeof(goal_t);
}
#else
#define run run_float64
#endif

/* Takes the job's steps. Returns 0, or 1 when there is no memory or no thread to be had; then nothing has changed. */
int run(const job_t *job) {
    double *sums = calloc((size_t)job->lanes * job->goals_count, sizeof(double));
    hand_t *hands = calloc(job->threads, sizeof(hand_t));
    pthread_t *threads = calloc(job->threads, sizeof(pthread_t));
    meeting_t meeting;
    int failed = !sums || !hands || !threads || meeting_begin(&meeting, job->threads);
    if (!failed) {
        for (int i = 0; i < job->threads; i++) hands[i] = (hand_t){job, i, sums, &meeting};
        for (int i = 1; i < job->threads; i++)
            if (pthread_create(threads + i, 0, work, hands + i)) abort();
        work(hands);
        for (int i = 1; i < job->threads; i++) pthread_join(threads[i], 0);
        meeting_end(&meeting);
    }
    free(sums);
    free(hands);
    free(threads);
    return failed;
}

#if REAL_BYTES == 4
#define answer answer_float32
#else
#define answer answer_float64
#endif

/* What every goal's result is on some rows, everything hard: count x the goals' widths, side by side. */
void answer(const job_t *job, const int32_t *ids, const long count, real *out) {
    tile_t t = {.R = job->tile_rows, .seed = job->seed};
    t.values = job->scratch;
    t.feedback = t.values + (long)job->numbers * t.R;
    t.by_row = t.feedback + (long)job->numbers * t.R;
    t.winners = (lane *)(t.by_row + job->by_row);
    for (long first = 0; first < count; first += t.R) {
        t.rows = count - first < t.R ? (int)(count - first) : t.R;
        gather(job, &t, ids + first, count - first);
        forward(job, &t);
        for (int r = 0; r < t.rows; r++)
            for (int i = 0; i < job->goals_count; i++)
                for (int k = 0; k < job->goals[i].width; k++)
                    *out++ = t.values[(long)(job->goals[i].at + k) * t.R + r];
    }
}
