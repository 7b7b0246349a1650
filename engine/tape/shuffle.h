/* A block's rows in shuffled orders; engine/training/shuffle.py says the same in NumPy. */
#ifndef SHUFFLE_H
#define SHUFFLE_H

#include <stdint.h>

#ifdef __AVX512F__
#include <immintrin.h>
#endif

#define ROUNDS 4
#define STRETCH 512

/* Moves the numbers up to `last` to the front, in their order; how many there are. */
static inline int keep_known(uint16_t *x, const int count, const uint16_t last) {
    int inside = 0;
#ifdef __AVX512F__
    for (int i = 0; i < count; i += 16) {
        const __m512i wide = _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)(x + i)));
        const __mmask16 known = _mm512_cmple_epu32_mask(wide, _mm512_set1_epi32(last));
        _mm256_storeu_si256((__m256i *)(x + inside), _mm512_cvtepi32_epi16(_mm512_maskz_compress_epi32(known, wide)));
        inside += __builtin_popcount(known);
    }
#else
    _Pragma("GCC unroll 8") for (int i = 0; i < count; i++) { /* no branch: which comes next cannot be guessed */
        x[inside] = x[i];
        inside += x[i] <= last;
    }
#endif
    return inside;
}

/* Mixes the places 0 .. 2^bits - 1 so that each stays one of a kind, and visits those of them that hold a row.
 * keys: of each round an odd factor and an addend. Writes `count` numbers of `rows` to `out`. */
static void shuffle_once(int32_t *restrict out, const int32_t *restrict rows, const int64_t count, const int bits,
                         const uint16_t *keys, const int in_a_row) {
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
        const int inside = keep_known(x, places, last);
        if (in_a_row)
            for (int i = 0; i < inside; i++) out[found + i] = rows[0] + x[i];
        else
            for (int i = 0; i < inside; i++) out[found + i] = rows[x[i]];
        found += inside;
    }
}

void shuffle(int32_t *out, const int32_t *rows, int64_t count, int bits, const uint16_t *keys, int64_t shuffles) {
    int in_a_row = 1; /* so that they need not be looked up */
    for (int64_t i = 0; i < count; i++) in_a_row &= rows[i] == rows[0] + (int32_t)i;
    for (int64_t i = 0; i < shuffles; i++)
        shuffle_once(out + i * count, rows, count, bits, keys + i * 2 * ROUNDS, in_a_row);
}

#endif
