// Products of matrices that are in the cache, with the sums in registers.
#pragma once

#include "kernels.h"
#include "lanes.h"

namespace bench::BT_SET {

namespace {

// Of a panel: vectors across, and rows where the registers are few.
#if defined(__AVX512F__)
constexpr int64_t columns = 4, lines = 6;
#elif defined(__AVX2__)
constexpr int64_t columns = 2, lines = 6;
#else
constexpr int64_t columns = 2, lines = 4;
#endif

BT_INLINE void add_product(vec& sum, float left, const vec& right) { sum += left * right; }

#if defined(__AVX512BF16__)
BT_INLINE void add_product(vec& sum, pair left, const pairs& right) {
    sum = _mm512_dpbf16_ps(sum, (__m512bh)_mm512_set1_epi32(static_cast<int>(left.bits)), (__m512bh)right);
}
#endif

// C [R, N·lanes] (+)= A B. A is read word by word: any strides do.
template <int64_t R, int64_t N, typename Word>
BT_INLINE void panel(
    const Word* a, int64_t a_row, int64_t a_inner, const Word* b, int64_t b_row, float* c, int64_t c_row, int64_t inner, bool adds) {
    vec sum[R][N];
    for (int64_t i = 0; i < R; i++)
        for (int64_t j = 0; j < N; j++) sum[i][j] = adds ? at(c + i * c_row + j * lanes) : vec{};
    for (int64_t k = 0; k < inner; k++) {
        for (int64_t i = 0; i < R; i++) {
            const Word left = a[i * a_row + k * a_inner];
            for (int64_t j = 0; j < N; j++) add_product(sum[i][j], left, at(b + k * b_row + j * lanes));
        }
    }
    for (int64_t i = 0; i < R; i++)
        for (int64_t j = 0; j < N; j++) at(c + i * c_row + j * lanes) = sum[i][j];
}

template <int64_t N, typename Word>
BT_INLINE void strip(int64_t rows, const Word* a, int64_t a_row, int64_t a_inner, const Word* b, int64_t b_row, float* c, int64_t c_row,
    int64_t inner, bool adds) {
    constexpr int64_t most =
        lanes == 16 ? 16 / N : lines; // as many sums as hide how long one multiplication takes, and a tile is whole panels
    int64_t i = 0;
    for (; i + most <= rows; i += most) panel<most, N>(a + i * a_row, a_row, a_inner, b, b_row, c + i * c_row, c_row, inner, adds);
    for (; i + 4 <= rows; i += 4) panel<4, N>(a + i * a_row, a_row, a_inner, b, b_row, c + i * c_row, c_row, inner, adds);
    for (; i < rows; i++) panel<1, N>(a + i * a_row, a_row, a_inner, b, b_row, c + i * c_row, c_row, inner, adds);
}

template <typename Word>
BT_INLINE void strips(int64_t rows, int64_t wide, int64_t inner, const Word* a, int64_t a_row, int64_t a_inner, const Word* b,
    int64_t b_row, float* c, int64_t c_row, bool adds) {
    int64_t j = 0;
    for (; j + columns * lanes <= wide; j += columns * lanes)
        strip<columns>(rows, a, a_row, a_inner, b + j, b_row, c + j, c_row, inner, adds);
    if constexpr (columns == 4) {
        for (; j + 2 * lanes <= wide; j += 2 * lanes) strip<2>(rows, a, a_row, a_inner, b + j, b_row, c + j, c_row, inner, adds);
    }
    for (; j + lanes <= wide; j += lanes) strip<1>(rows, a, a_row, a_inner, b + j, b_row, c + j, c_row, inner, adds);
}

// C [rows, wide] (+)= A [rows, inner] B [inner, wide], `inner` in words; `wide` is a multiple of the lanes.
template <typename Word>
void product(int64_t rows, int64_t wide, int64_t inner, const Word* a, int64_t a_row, int64_t a_inner, const Word* b, int64_t b_row,
    float* c, int64_t c_row, bool adds) {
    if (a_inner == 1) // known when it is compiled, which spares the registers of a small set
        strips(rows, wide, inner, a, a_row, 1, b, b_row, c, c_row, adds);
    else
        strips(rows, wide, inner, a, a_row, a_inner, b, b_row, c, c_row, adds);
}

}  // namespace

}  // namespace bench::BT_SET
