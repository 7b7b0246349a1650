/* Runs a recorded program over many training steps without returning: gather, forward, loss, feedback, update.
 *
 * Each batch is cut into tiles of rows, or of groups of rows, and its gradient into partial sums: tile n belongs to
 * partial n % partials, which adds up its tiles' gradients in order. The partials are shared out among the threads and
 * added up in order, so that one thread and several come to the same bits.
 */
#include "tape.h"

#include "goals.h"
#include "groups.h"
#include "optimisers.h"

#include "meeting.h"

#include <stdlib.h>

#define FEW 16384 /* numbers that one thread adds up and updates sooner than several agree on it */

/* Threads that were started wait here until it is known that all of them could be. */
typedef struct {
    pthread_mutex_t lock;
    int called_off;
} gate_t;

typedef struct {
    const job_t *job;
    int number;
    double *sums; /* partials x goals */
    meeting_t *meeting;
    gate_t *gate;
} hand_t;

/* One tile of rows there and back. soon, left: see gather; share: of the loss, a row's; straight: whether all is worked
 * out right here, which is worth its while where loops are short and known. */
INLINE void learn_tile(const job_t *job, tile_t *t, const int32_t *ids, long soon, long left, real share,
                       real *gradient, double *sums, const int straight) {
    gather(job, t, ids, soon, left, 1);
    if (straight) forward_here(job, &job->on_rows, t);
    else forward(job, &job->on_rows, t);
    begin_feedback(&job->on_rows, t);
    for (int i = 0; i < job->goals_count; i++) sums[i] += judge(job, job->goals + i, t, share);
    if (straight) feedback_here(job, &job->on_rows, t, gradient);
    else feedback(job, &job->on_rows, t, gradient);
}

/* A batch that fits into the smallest tile: how many rows that has is known when this is compiled. */
static void learn_few_rows(const job_t *job, const tile_t *t, long step, real *gradient, double *sums) {
    const long first = job->starts[step], batch = job->starts[step + 1] - first;
    tile_t smallest = *t;
    smallest.R = LANES;
    smallest.rows = (int)batch;
    const long left = job->starts[job->steps] - first;
    learn_tile(job, &smallest, job->rows + first, AHEAD, left, (real)1 / batch, gradient, sums, 1);
}

/* Where the tile begins that whoever is at this one takes next: in this partial, in his next, or in the next batch. */
INLINE long next_tile(const job_t *job, const int partial, const long first, const long batch) {
    const long R = job->tile_rows, further = first + job->partials * R, other = partial + job->threads;
    if (further < batch) return further;
    return other < job->partials ? other * R : batch + partial % job->threads * R;
}

static void learn_rows(const job_t *job, tile_t *t, int partial, long step, real *gradient, double *sums) {
    const int32_t *ids = job->rows + job->starts[step];
    const int batch = job->starts[step + 1] - job->starts[step], R = job->tile_rows;
    const long visited = job->starts[job->steps] - job->starts[step];
    if (R == LANES) return learn_few_rows(job, t, step, gradient, sums);
    for (int first = partial * R; first < batch; first += job->partials * R) {
        t->rows = batch - first < R ? batch - first : R;
        const long soon = next_tile(job, partial, first, batch) - first;
        learn_tile(job, t, ids + first, soon, visited - first, (real)1 / batch, gradient, sums, 0);
    }
}

static void learn_groups(const job_t *job, groups_t *g, int partial, long step, real *gradient, double *sums) {
    const int32_t *ids = job->rows + job->starts[step];
    const int batch = job->starts[step + 1] - job->starts[step];
    for (int first = 0, tile = 0, count; first < batch; first += count, tile++) {
        count = groups_together(job, ids + first, batch - first);
        if (tile % job->partials != partial) continue;
        groups_begin(job, g, ids + first, count);
        groups_forward(job, g);
        begin_feedback(&job->on_groups, &g->groups);
        g->groups.ids = g->numbers; /* whose targets they are told */
        for (int i = 0; i < job->goals_count; i++) sums[i] += judge(job, job->goals + i, &g->groups, (real)1 / batch);
        groups_feedback(job, g, gradient);
    }
}

static void learn_partial(const job_t *job, groups_t *hand, int partial, long step, double *sums) {
    real *gradient = job->gradients + partial * job->size;
    memset(gradient, 0, sizeof(real) * job->size);
    for (int i = 0; i < job->goals_count; i++) sums[i] = 0;
    if (job->merges_count) learn_groups(job, hand, partial, step, gradient, sums);
    else learn_rows(job, &hand->rows, partial, step, gradient, sums);
}

/* Gives everything at work its place in the memory of one thread. */
INLINE void settle(const job_t *job, groups_t *g, real *own) {
    const scratch_t *places = &job->places;
    g->kept = g->rows.values = own;
    g->rows.winners = (integer *)(own + places->winners);
    g->rows.feedback = own + places->feedback;
    g->rows.by_row = own + places->by_row;
    g->groups.values = own + places->groups;
    g->groups.winners = (integer *)(own + places->groups_winners);
    g->groups.feedback = own + places->groups_feedback;
    g->groups.by_row = own + places->groups_by_row;
    g->rows.R = job->tile_rows;
    g->rows.seed = g->groups.seed = job->seed;
}

static void add_up(const job_t *job, long from, long to) {
    for (int other = 1; other < job->partials; other++) {
        const real *more = job->gradients + other * job->size;
        for (long i = from; i < to; i++) job->gradients[i] += more[i];
    }
}

static void *work(void *given) {
    const hand_t *hand = given;
    const job_t *job = hand->job;
    const int goals = job->goals_count, shared = job->size > FEW;
    int in_vain = 0;
    groups_t g = {.rows = {.learning = 1}, .groups = {.learning = 1}};
    settle(job, &g, job->scratch + hand->number * job->places.size);
    const long from = shared ? job->size / LANES * hand->number / job->threads * LANES : 0;
    const long to = shared ? job->size / LANES * (hand->number + 1) / job->threads * LANES : hand->number ? 0 : job->size;
    for (long step = 0; step < job->steps; step++) {
        g.rows.step = g.groups.step = job->step + step;
        g.rows.softness = g.groups.softness = (real)job->softness[step];
        for (int p = hand->number; p < job->partials; p += job->threads)
            learn_partial(job, &g, p, step, hand->sums + p * goals);
        meet(hand->meeting, &in_vain);
        add_up(job, from, to);
        if (shared) meet(hand->meeting, &in_vain);
        if (hand->number == 0) {
            const double batch = job->starts[step + 1] - job->starts[step];
            for (int i = 0; i < goals; i++) {
                double sum = 0;
                for (int p = 0; p < job->partials; p++) sum += hand->sums[p * goals + i];
                job->losses[step * goals + i] = sum / batch;
            }
            share_pieces(&job->on_rows, job->gradients);
            share_pieces(&job->on_groups, job->gradients);
            if (job->l1 != 0 || job->l2 != 0) tell_sizes(job, job->gradients, 0, job->size);
            if (job->clip != 0) shorten(job, job->gradients);
        }
        if (shared) meet(hand->meeting, &in_vain);
        update(job, job->gradients, step, from, to);
        meet(hand->meeting, &in_vain);
    }
    return 0;
}

static void *work_if_all_came(void *given) {
    const hand_t *hand = given;
    pthread_mutex_lock(&hand->gate->lock);
    const int called_off = hand->gate->called_off;
    pthread_mutex_unlock(&hand->gate->lock);
    return called_off ? 0 : work(given);
}

/* Shares the job out among its threads, or does nothing where one of them cannot be had. */
static int work_together(hand_t *hands, pthread_t *threads, const int count) {
    gate_t gate = {.called_off = 0};
    if (pthread_mutex_init(&gate.lock, 0)) return 1;
    int started = 1;
    pthread_mutex_lock(&gate.lock);
    for (int i = 0; i < count; i++) hands[i].gate = &gate;
    while (started < count && !pthread_create(threads + started, 0, work_if_all_came, hands + started)) started++;
    gate.called_off = started < count;
    pthread_mutex_unlock(&gate.lock);
    if (!gate.called_off) work(hands);
    for (int i = 1; i < started; i++) pthread_join(threads[i], 0);
    pthread_mutex_destroy(&gate.lock);
    return gate.called_off;
}

#if REAL_BYTES == 4
#include "shuffle.h"
#include "sums.h"
#define run run_float32

/* Whether this was compiled out of these sources, and Python fills in its very shapes. */
int fits(uint32_t sources, long job, long op, long input, long goal, long merge) {
    return sources == SOURCES && job == sizeof(job_t) && op == sizeof(op_t) && input == sizeof(input_t) &&
           goal == sizeof(goal_t) && merge == sizeof(merge_t);
}
#else
#define run run_float64
#endif

/* Takes the job's steps. Returns 0, or 1 when there is no memory or no thread to be had; then nothing has changed. */
int run(const job_t *job) {
    double *sums = calloc((size_t)job->partials * job->goals_count, sizeof(double));
    hand_t *hands = calloc(job->threads, sizeof(hand_t));
    pthread_t *threads = calloc(job->threads, sizeof(pthread_t));
    meeting_t meeting;
    int failed = !sums || !hands || !threads || meeting_begin(&meeting, job->threads);
    if (!failed) {
        for (int i = 0; i < job->threads; i++) hands[i] = (hand_t){job, i, sums, &meeting};
        failed = work_together(hands, threads, job->threads);
        meeting_end(&meeting);
    }
    free(sums);
    free(hands);
    free(threads);
    return failed;
}

#if REAL_BYTES == 4
#define answer answer_float32
#define observe observe_float32
#define pick_out pick_out_float32
#else
#define answer answer_float64
#define observe observe_float64
#define pick_out pick_out_float64
#endif

/* Numbers of a tile that stand together. */
typedef struct {
    int32_t at, width;
} span_t;

INLINE real *say(const tile_t *t, const span_t *wanted, const int count, real *out) {
    for (int r = 0; r < t->rows; r++)
        for (const span_t *span = wanted; span < wanted + count; span++)
            for (int k = 0; k < span->width; k++) *out++ = t->values[(long)(span->at + k) * t->R + r];
    return out;
}

/* What stands at some places for some rows or groups: `out`, an example after the other, the wanted ones side by side. */
void answer(const job_t *job, const int32_t *ids, const long examples, const double softness, const span_t *wanted,
            const int count, real *out) {
    groups_t g = {.rows = {.softness = (real)softness}, .groups = {.softness = (real)softness}};
    settle(job, &g, job->scratch);
    for (long first = 0; first < examples;) {
        const int left = examples - first < MOST_ROWS ? (int)(examples - first) : MOST_ROWS;
        if (job->merges_count) {
            groups_begin(job, &g, ids + first, groups_together(job, ids + first, left));
            groups_forward(job, &g);
            out = say(&g.groups, wanted, count, out);
            first += g.groups.rows;
        } else {
            g.rows.rows = left < job->tile_rows ? left : job->tile_rows;
            gather(job, &g.rows, ids + first, AHEAD, examples - first, 1);
            forward(job, &job->on_rows, &g.rows);
            out = say(&g.rows, wanted, count, out);
            first += g.rows.rows;
        }
    }
}

/* One tile of rows forward and back, nothing learnt and no gradient touched: the values and the feedback stay in the job's scratch. units: by
 * goal, what the feedback on each row is multiplied by. */
void observe(const job_t *job, const int32_t *ids, const int count, const double *units) {
    groups_t g = {.rows = {.learning = 0}};
    settle(job, &g, job->scratch);
    g.rows.rows = count;
    g.rows.softness = (real)job->softness[0];
    gather(job, &g.rows, ids, AHEAD, count, 1);
    forward(job, &job->on_rows, &g.rows);
    begin_feedback(&job->on_rows, &g.rows);
    for (int i = 0; i < job->goals_count; i++) judge(job, job->goals + i, &g.rows, (real)units[i]);
    feedback(job, &job->on_rows, &g.rows, job->gradients);
}

/* Some numbers of a vector as arrays: each is offset + scale * the sum of its parts, whose places follow one another. */
typedef struct {
    int32_t parts, size;
    double scale, offset;
} picked_t;

void pick_out(const real *numbers, const int32_t *places, const picked_t *arrays, const int64_t count, double *values) {
    for (const picked_t *array = arrays; array < arrays + count; array++) {
        for (int i = 0; i < array->size; i++) {
            double sum = 0;
            for (int part = 0; part < array->parts; part++) sum += numbers[places[part * array->size + i]];
            *values++ = array->offset + array->scale * sum;
        }
        places += array->parts * array->size;
    }
}
