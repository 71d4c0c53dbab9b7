// Products with a weight that lies as it is trained, [outer, inner].
#pragma once

#include "products.h"

namespace bench::BT_SET {

namespace {

constexpr int64_t chunk_rows = 256, chunk_inner = 128; // of x, that stay in the cache for one panel

// One row, whose sums are along the inner dimension: `lines` outputs at a time, and every weight is read once and not copied first.
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

int64_t linear_outputs() { return columns * lanes; }

// Room for the weights of a panel of outputs, and for what of its last vector is not an output.
int64_t linear_scratch(int64_t inner) { return (inner + 1) * columns * lanes + chunk_rows * lanes; }

// The weights of outputs `from` to `to`, at most `linear_outputs`, with those of one input side by side.
void linear_panel(const float* weight, int64_t inner, int64_t from, int64_t to, float* panel) {
    const int64_t wide = columns * lanes, count = to - from;
    if (count % lanes != 0) __builtin_memset(panel, 0, sizeof(float) * wide * inner);
    across<false>(weight + from * inner, inner, count, inner, panel, wide);
}

// y [rows, outer] = x [rows, inner] of the weight, outputs `from` to `to` of it, at most `linear_outputs`, of which the panel was made.
void linear(const float* x, const float* panel, const float* bias, float* y, int64_t rows, int64_t inner, int64_t outer, int64_t from,
    int64_t to, float* scratch) {
    const int64_t wide = columns * lanes, whole = (to - from) / lanes * lanes, rest = to - from - whole;
    float* last = scratch; // [chunk_rows, lanes]
    for (int64_t row = 0; row < rows; row += chunk_rows) {
        const int64_t some = least(chunk_rows, rows - row);
        for (int64_t i = 0; bias && i < some; i++) {
            for (int64_t j = 0; j < whole; j++) y[(row + i) * outer + from + j] = bias[from + j];
            for (int64_t j = 0; j < rest; j++) last[i * lanes + j] = bias[from + whole + j];
        }
        for (int64_t k = 0; k < inner; k += chunk_inner) {
            const int64_t deep = least(chunk_inner, inner - k);
            const bool adds = bias || k > 0;
            const float* left = x + row * inner + k;
            product(some, whole, deep, left, inner, 1, panel + k * wide, wide, y + row * outer + from, outer, adds);
            if (rest > 0) product(some, lanes, deep, left, inner, 1, panel + k * wide + whole, wide, last, lanes, adds);
        }
        for (int64_t i = 0; i < some; i++)
            for (int64_t j = 0; j < rest; j++) y[(row + i) * outer + from + whole + j] = last[i * lanes + j];
    }
}

// The same of one row.
void linear_of_row(const float* x, const float* weight, const float* bias, float* y, int64_t inner, int64_t from, int64_t to) {
    int64_t j = from;
    for (; j + lines <= to; j += lines) dots<lines>(x, weight + j * inner, y + j, inner);
    for (; j < to; j++) dots<1>(x, weight + j * inner, y + j, inner);
    for (j = from; bias && j < to; j++) y[j] += bias[j];
}

}  // namespace

}  // namespace bench::BT_SET
