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

#define ROUNDING 1e-6 /* of the numbers' size: how far sums in single precision are off */
#define SHARES 8 /* in which a span is added up, so that no number waits for the one before */

static double fewest(const double a, const double b) { return b < a ? b : a; }
static double most(const double a, const double b) { return b > a ? b : a; }

/* How many numbers lie where. What is no number lies in the first bin. */
static void sort_in(const double *values, const int64_t count, const double low, const double high, int64_t *bins) {
    const double per_unit = BINS / (high > low ? high - low : 1.0);
    memset(bins, 0, sizeof(int64_t) * BINS);
    for (int64_t i = 0; i < count; i++) {
        const double reached = (values[i] - low) * per_unit;
        bins[reached >= BINS - 1 ? BINS - 1 : reached > 0 ? (int)reached : 0]++;
    }
}

/* What is no number makes every figure none; a mean of which nothing is left but rounding is nothing. bins: NULL where nobody wants them. */
static void sum_up_one(const double *values, const int64_t count, double *told, int64_t *bins) {
    double sums[SHARES] = {0}, sizes[SHARES] = {0}, spreads[SHARES] = {0}, lows[SHARES], highs[SHARES];
    for (int s = 0; s < SHARES; s++) lows[s] = highs[s] = values[0];
    const int64_t whole = count - count % SHARES;
    for (int64_t i = 0; i < whole; i += SHARES)
        for (int s = 0; s < SHARES; s++) {
            const double value = values[i + s];
            sums[s] += value;
            sizes[s] += fabs(value);
            lows[s] = fewest(lows[s], value);
            highs[s] = most(highs[s], value);
        }
    double sum = 0, size = 0, spread = 0, low = values[0], high = values[0];
    for (int64_t i = whole; i < count; i++) {
        sum += values[i];
        size += fabs(values[i]);
        low = fewest(low, values[i]);
        high = most(high, values[i]);
    }
    for (int s = 0; s < SHARES; s++) {
        sum += sums[s];
        size += sizes[s];
        low = fewest(low, lows[s]);
        high = most(high, highs[s]);
    }
    const double mean = sum / count;
    for (int64_t i = 0; i < whole; i += SHARES)
        for (int s = 0; s < SHARES; s++) spreads[s] += (values[i + s] - mean) * (values[i + s] - mean);
    for (int64_t i = whole; i < count; i++) spread += (values[i] - mean) * (values[i] - mean);
    for (int s = 0; s < SHARES; s++) spread += spreads[s];
    if (sum != sum) low = high = sum;
    const int cancels = fabs(mean) < ROUNDING * (size / count);
    const double found[FIGURES] = {cancels ? 0 : mean, sqrt(spread / count), low, high, size / count};
    memcpy(told, found, sizeof found);
    if (bins) sort_in(values, count, low, high, bins);
}

/* starts: spans + 1 places. told: spans x FIGURES; bins: spans x BINS, or NULL where nobody wants them. */
void sum_up(const double *values, const int64_t *starts, int64_t spans, double *told, int64_t *bins) {
    for (int64_t i = 0; i < spans; i++)
        sum_up_one(values + starts[i], starts[i + 1] - starts[i], told + i * FIGURES, bins ? bins + i * BINS : NULL);
}

static const double TENS[] = {1e-22, 1e-21, 1e-20, 1e-19, 1e-18, 1e-17, 1e-16, 1e-15, 1e-14, 1e-13, 1e-12, 1e-11,
                              1e-10, 1e-9,  1e-8,  1e-7,  1e-6,  1e-5,  1e-4,  1e-3,  1e-2,  1e-1,  1e0,   1e1,
                              1e2,   1e3,   1e4,   1e5,   1e6,   1e7,   1e8,   1e9,   1e10,  1e11,  1e12,  1e13,
                              1e14,  1e15,  1e16,  1e17,  1e18,  1e19,  1e20,  1e21,  1e22};

/* 10^power, as close as a double can be. */
static double power_of_ten(const int power) {
    return power < -22 || power > 22 ? pow(10.0, power) : TENS[power + 22];
}

/* How many tens a size is made of, rounded down: of usual ones out of the power of two that it is made of. */
static int tens_of(const double size) {
    if (size < 1e-21 || size >= 1e21) return (int)floor(log10(size));
    const int least = (int)floor(ilogb(size) * 0.30102999566398120);
    return least + (size >= TENS[least + 23]);
}

/* Each number to so many digits; returns whether some of them is no number, or none that ends. */
int round_off(const double *values, const int64_t count, double *told) {
    int gaps = 0;
    for (int64_t i = 0; i < count; i++) {
        const double size = fabs(values[i]);
        told[i] = values[i];
        if (size > 0 && size <= DBL_MAX) {
            const double unit = power_of_ten(DIGITS - 1 - tens_of(size));
            if (unit <= DBL_MAX) told[i] = rint(values[i] * unit) / unit;
        }
        gaps |= !(fabs(told[i]) <= DBL_MAX);
    }
    return gaps;
}

#endif
