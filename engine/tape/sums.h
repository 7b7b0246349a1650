/* Figures for people: sums of spans of numbers, and numbers to a few digits; engine/readings says the same in NumPy. */
#ifndef SUMS_H
#define SUMS_H

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#define DIGITS 5
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

/* 10^power, exact where a double can be. */
static double power_of_ten(const int power) {
    static const double exact[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                   1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    return power < 0 || power > 22 ? pow(10.0, power) : exact[power];
}

/* Each number to so many digits; returns whether some of them is no number, or none that ends. */
int round_off(const double *values, const int64_t count, double *told) {
    int gaps = 0;
    for (int64_t i = 0; i < count; i++) {
        const double size = fabs(values[i]);
        told[i] = values[i];
        if (size > 0 && size <= DBL_MAX) {
            const double unit = power_of_ten(DIGITS - 1 - (int)floor(log10(size)));
            if (unit <= DBL_MAX) told[i] = rint(values[i] * unit) / unit;
        }
        gaps |= !(fabs(told[i]) <= DBL_MAX);
    }
    return gaps;
}

#endif
