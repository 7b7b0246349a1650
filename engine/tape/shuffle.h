/* A block's rows in shuffled orders; engine/training/shuffle.py says the same in NumPy. */
#ifndef SHUFFLE_H
#define SHUFFLE_H

#include <stdint.h>

#define ROUNDS 4
#define STRETCH 512

/* Mixes the places 0 .. 2^bits - 1 so that each stays one of a kind, and visits those of them that hold a row.
 * keys: of each round an odd factor and an addend. Writes `count` numbers of `rows` to `out`. */
static void shuffle_once(int32_t *restrict out, const int32_t *restrict rows, const int64_t count, const int bits,
                         const uint16_t *keys) {
    const unsigned mask = (1u << bits) - 1;
    const int half = bits / 2, places = 1 << bits < STRETCH ? 1 << bits : STRETCH;
    const uint16_t last = (uint16_t)(count - 1);
    uint16_t x[STRETCH];
    int64_t found = 0;
    for (int start = 0; found < count; start += STRETCH) {
        for (int i = 0; i < STRETCH; i++) x[i] = (uint16_t)(start + i);
        for (int round = 0; round < ROUNDS; round++) {
            const unsigned factor = keys[2 * round], addend = keys[2 * round + 1];
            for (int i = 0; i < STRETCH; i++) {
                const uint16_t mixed = (uint16_t)((x[i] * factor + addend) & mask);
                x[i] = mixed ^ (uint16_t)(mixed >> half);
            }
        }
        int inside = 0; /* no branch: which place comes next cannot be guessed */
        _Pragma("GCC unroll 8") for (int i = 0; i < places; i++) {
            x[inside] = x[i];
            inside += x[i] <= last;
        }
        for (int i = 0; i < inside; i++) out[found + i] = rows[x[i]];
        found += inside;
    }
}

void shuffle(int32_t *out, const int32_t *rows, int64_t count, int bits, const uint16_t *keys, int64_t shuffles) {
    for (int64_t i = 0; i < shuffles; i++) shuffle_once(out + i * count, rows, count, bits, keys + i * 2 * ROUNDS);
}

#endif
