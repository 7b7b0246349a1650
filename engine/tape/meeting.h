/* Where threads wait for one another. Whoever comes early looks out for a moment, since waking up takes longer than
 * most waits; if that was in vain, a core was taken by somebody else, and for a while he goes to sleep at once.
 */
#ifndef MEETING_H
#define MEETING_H

#include <pthread.h>
#include <stdatomic.h>

#define LOOKS 4096      /* about a tenth of a millisecond */
#define IN_VAIN_FOR 512 /* meetings */

typedef struct {
    int threads;
    atomic_int missing, round;
    pthread_mutex_t lock;
    pthread_cond_t turn;
} meeting_t;

static inline void breathe(void) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

static inline int meeting_begin(meeting_t *meeting, int threads) {
    meeting->threads = threads;
    atomic_init(&meeting->missing, threads);
    atomic_init(&meeting->round, 0);
    return pthread_mutex_init(&meeting->lock, 0) || pthread_cond_init(&meeting->turn, 0);
}

static inline void meeting_end(meeting_t *meeting) {
    pthread_cond_destroy(&meeting->turn);
    pthread_mutex_destroy(&meeting->lock);
}

/* Returns when all threads have come. in_vain: of the calling thread; for how many meetings it is not to look out. */
static inline void meet(meeting_t *meeting, int *in_vain) {
    if (meeting->threads == 1) return;
    const int round = atomic_load(&meeting->round);
    if (atomic_fetch_sub(&meeting->missing, 1) == 1) {
        atomic_store(&meeting->missing, meeting->threads);
        pthread_mutex_lock(&meeting->lock);
        atomic_store(&meeting->round, round + 1);
        pthread_cond_broadcast(&meeting->turn);
        pthread_mutex_unlock(&meeting->lock);
        return;
    }
    if (*in_vain > 0) {
        --*in_vain;
    } else {
        for (int look = 0; look < LOOKS; look++) {
            if (atomic_load_explicit(&meeting->round, memory_order_acquire) != round) return;
            breathe();
        }
        *in_vain = IN_VAIN_FOR;
    }
    pthread_mutex_lock(&meeting->lock);
    while (atomic_load(&meeting->round) == round) pthread_cond_wait(&meeting->turn, &meeting->lock);
    pthread_mutex_unlock(&meeting->lock);
}

#endif
