/* Sums up spans of numbers; engine/readings/sums.py says the same in NumPy. */
#ifndef SUMS_H
#define SUMS_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#define BINS 16
#define FIGURES 5 /* mean, spread, lowest, highest, mean size */

/* What is no number makes every figure none, and lies in the first bin. */
static void sum_up_one(const double *values, const int64_t count, double *told, int64_t *bins) {
    double sum = 0, sizes = 0, low = values[0], high = values[0], spread = 0;
    for (int64_t i = 0; i < count; i++) {
        const double value = values[i];
        sum += value;
        sizes += fabs(value);
        low = value < low || value != value ? value : low;
        high = value > high || value != value ? value : high;
    }
    const double mean = sum / count, per_unit = BINS / (high > low ? high - low : 1.0);
    for (int64_t i = 0; i < count; i++) spread += (values[i] - mean) * (values[i] - mean);
    const double found[FIGURES] = {mean, sqrt(spread / count), low, high, sizes / count};
    memcpy(told, found, sizeof found);
    memset(bins, 0, sizeof(int64_t) * BINS);
    for (int64_t i = 0; i < count; i++) {
        const double reached = (values[i] - low) * per_unit;
        bins[reached >= BINS - 1 ? BINS - 1 : reached > 0 ? (int)reached : 0]++;
    }
}

/* starts: spans + 1 places. told: spans x FIGURES; bins: spans x BINS. */
void sum_up(const double *values, const int64_t *starts, int64_t spans, double *told, int64_t *bins) {
    for (int64_t i = 0; i < spans; i++)
        sum_up_one(values + starts[i], starts[i + 1] - starts[i], told + i * FIGURES, bins + i * BINS);
}

#endif
