// Products of a few rows with a weight that lies as it is trained, [outer, inner]: every weight is read once, for all rows, and not copied
// first.
#pragma once

#include "products.h"

namespace bench::BT_SET {

namespace {

constexpr int64_t outputs = 96; // computed before they are put where they belong

// One row, whose sums are along the inner dimension: `lines` outputs at a time.
template <int64_t R>
BT_INLINE void dots(const float* x, const float* weight, float* y, int64_t inner) {
    vec sum[R] = {};
    int64_t k = 0;
    for (; k + lanes <= inner; k += lanes) {
        const vec left = at(x + k);
        for (int64_t i = 0; i < R; i++) sum[i] += left * at(weight + i * inner + k);
    }
    for (int64_t i = 0; i < R; i++) {
        y[i] = total(sum[i]);
        for (int64_t rest = k; rest < inner; rest++) y[i] += x[rest] * weight[i * inner + rest];
    }
}

int64_t small_batch_linear_scratch(int64_t rows, int64_t inner) { return padded(rows, lanes) * (inner + outputs); }

// y [rows, outer] = x [rows, inner] of the weight, outputs `from` to `to` of it.
void small_batch_linear(
    const float* x, const float* weight, float* y, int64_t rows, int64_t inner, int64_t outer, int64_t from, int64_t to, float* scratch) {
    if (rows == 1) {
        int64_t j = from;
        for (; j + lines <= to; j += lines) dots<lines>(x, weight + j * inner, y + j, inner);
        for (; j < to; j++) dots<1>(x, weight + j * inner, y + j, inner);
        return;
    }

    const int64_t across = padded(rows, lanes);
    float *columns_of_x = scratch, *some = scratch + across * inner;
    if (across != rows) __builtin_memset(columns_of_x, 0, sizeof(float) * across * inner);
    for (int64_t i = 0; i < rows; i++)
        for (int64_t k = 0; k < inner; k++) columns_of_x[k * across + i] = x[i * inner + k];
    for (int64_t first = from; first < to; first += outputs) {
        const int64_t count = least(outputs, to - first);
        product(count, across, inner, weight + first * inner, inner, 1, columns_of_x, across, some, across, false);
        for (int64_t i = 0; i < rows; i++)
            for (int64_t j = 0; j < count; j++) y[i * outer + first + j] = some[j * across + i];
    }
}

}  // namespace

}  // namespace bench::BT_SET
