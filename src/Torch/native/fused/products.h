// Products of matrices that are in the cache, with the sums in registers, and what is done to vectors between two of them.
#pragma once

#include "kernels.h"
#include "vector.h"

#if defined(__AVX512F__)
#include <immintrin.h>
#endif

namespace bench::BT_SET {

namespace {

#if defined(__AVX512F__)
constexpr int64_t lanes = 16, columns = 4, lines = 6;
#elif defined(__AVX2__)
constexpr int64_t lanes = 8, columns = 2, lines = 6;
#else
constexpr int64_t lanes = 4, columns = 2, lines = 4;
#endif

typedef float vec __attribute__((vector_size(lanes * 4), aligned(4), may_alias));

typedef int32_t whole __attribute__((vector_size(lanes * 4), aligned(4), may_alias));

BT_INLINE vec& at(float* p) { return *reinterpret_cast<vec*>(p); }
BT_INLINE const vec& at(const float* p) { return *reinterpret_cast<const vec*>(p); }

// What one multiplication takes along the inner dimension is a word: a number, or two bfloat16 (the first in the lower half) that a processor with
// AVX512_BF16 multiplies and adds to a float32 at once.
template <typename Word>
constexpr int64_t together = 1;

BT_INLINE void add_product(vec& sum, float left, const vec& right) { sum += left * right; }

#if defined(__AVX512BF16__)
struct pair {
    uint32_t bits;
};

template <>
constexpr int64_t together<pair> = 2;

typedef uint32_t pairs __attribute__((vector_size(64), aligned(4), may_alias));

BT_INLINE pairs& at(pair* p) { return *reinterpret_cast<pairs*>(p); }
BT_INLINE const pairs& at(const pair* p) { return *reinterpret_cast<const pairs*>(p); }
BT_INLINE void add_product(vec& sum, pair left, const pairs& right) { sum = _mm512_dpbf16_ps(sum, (__m512bh)_mm512_set1_epi32(static_cast<int>(left.bits)), (__m512bh)right); }
#endif

// C [R, N·lanes] (+)= A B. A is read word by word: any strides do.
template <int64_t R, int64_t N, typename Word>
BT_INLINE void panel(const Word* a, int64_t a_row, int64_t a_inner, const Word* b, int64_t b_row, float* c, int64_t c_row, int64_t inner, bool adds) {
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
BT_INLINE void strip(int64_t rows, const Word* a, int64_t a_row, int64_t a_inner, const Word* b, int64_t b_row, float* c, int64_t c_row, int64_t inner, bool adds) {
    constexpr int64_t most = lanes == 16 ? 16 / N : lines; // as many sums as hide how long one multiplication takes, and a tile is whole panels
    int64_t i = 0;
    for (; i + most <= rows; i += most) panel<most, N>(a + i * a_row, a_row, a_inner, b, b_row, c + i * c_row, c_row, inner, adds);
    for (; i + 4 <= rows; i += 4) panel<4, N>(a + i * a_row, a_row, a_inner, b, b_row, c + i * c_row, c_row, inner, adds);
    for (; i < rows; i++) panel<1, N>(a + i * a_row, a_row, a_inner, b, b_row, c + i * c_row, c_row, inner, adds);
}

// C [rows, wide] (+)= A [rows, inner] B [inner, wide], `inner` in words; `wide` is a multiple of the lanes.
template <typename Word>
void product(int64_t rows, int64_t wide, int64_t inner, const Word* a, int64_t a_row, int64_t a_inner, const Word* b, int64_t b_row, float* c, int64_t c_row, bool adds) {
    int64_t j = 0;
    for (; j + columns * lanes <= wide; j += columns * lanes) strip<columns>(rows, a, a_row, a_inner, b + j, b_row, c + j, c_row, inner, adds);
    if constexpr (columns == 4) {
        for (; j + 2 * lanes <= wide; j += 2 * lanes) strip<2>(rows, a, a_row, a_inner, b + j, b_row, c + j, c_row, inner, adds);
    }
    for (; j + lanes <= wide; j += lanes) strip<1>(rows, a, a_row, a_inner, b + j, b_row, c + j, c_row, inner, adds);
}

BT_INLINE int64_t padded(int64_t count, int64_t to) { return (count + to - 1) / to * to; }

BT_INLINE vec larger(const vec& a, const vec& b) {
#if defined(__AVX512F__)
    return _mm512_max_ps(a, b);
#else
    return a > b ? a : b;
#endif
}

// Whether any lane of the one is more than that of the other.
BT_INLINE bool exceeds(const vec& a, const vec& b) {
#if defined(__AVX512F__)
    return _mm512_cmp_ps_mask(a, b, _CMP_GT_OQ) != 0;
#else
    const auto more = a > b;
    bool any = false;
    for (int64_t i = 0; i < lanes; i++) any |= more[i] != 0;
    return any;
#endif
}

// 2^x, 0 where x is -inf: of a float32 to about one unit in the last place, of what becomes a bfloat16 to 1e-4.
template <typename Word>
BT_INLINE vec power(const vec& x) {
#if defined(__AVX512DQ__)
    const vec r = _mm512_reduce_ps(x, 8); // x less the nearest integer; 0 of an infinity
#else
    const vec in = x < -126.0f ? vec{} - 126.0f : x > 127.0f ? vec{} + 127.0f : x;
    const vec shifted = in + 12582912.0f; // rounds to the nearest integer
    const vec r = in - (shifted - 12582912.0f);
#endif
    vec p;
    if constexpr (together<Word> == 1) {
        p = r * 1.3264727e-3f + 9.6715126e-3f;
        p = p * r + 5.5507337e-2f;
        p = p * r + 2.4022242e-1f;
        p = p * r + 6.9314698e-1f;
    } else {
        p = r * 5.5008930e-2f + 2.4221096e-1f;
        p = p * r + 6.9328293e-1f;
    }
    p = p * r + 1.0f;
#if defined(__AVX512DQ__)
    return _mm512_scalef_ps(p, x - r);
#else
    return x < -126.0f ? vec{} : (vec)((whole)p + ((whole)shifted << 23));
#endif
}

// log2 x of numbers that are positive and not the smallest, to about one unit in the last place of 1.
BT_INLINE vec logarithm(const vec& x) {
    const whole exponent = ((whole)x - 0x3f400000) >> 23;
    const vec m = (vec)((whole)x - (exponent << 23)); // from 0.75 to 1.5
    const vec t = (m - 1.0f) / (m + 1.0f), square = t * t;
    vec p = square * 0.32059890f + 0.41219859f;
    p = p * square + 0.57707802f;
    p = p * square + 0.96179669f;
    p = p * square + 2.88539008f;
    return __builtin_convertvector(exponent, vec) + p * t + x * 0.0f; // the last for what is no number
}

#if defined(__AVX512F__)
// 16 rows of 16 words become columns.
BT_INLINE void turn(__m512 (&r)[16]) {
    __m512 t[16];
    for (int i = 0; i < 16; i += 2) {
        t[i] = _mm512_unpacklo_ps(r[i], r[i + 1]);
        t[i + 1] = _mm512_unpackhi_ps(r[i], r[i + 1]);
    }
    for (int i = 0; i < 16; i += 4)
        for (int j = 0; j < 2; j++) {
            r[i + 2 * j] = _mm512_castpd_ps(_mm512_unpacklo_pd(_mm512_castps_pd(t[i + j]), _mm512_castps_pd(t[i + j + 2])));
            r[i + 2 * j + 1] = _mm512_castpd_ps(_mm512_unpackhi_pd(_mm512_castps_pd(t[i + j]), _mm512_castps_pd(t[i + j + 2])));
        }
    for (int c = 0; c < 4; c++) {
        t[c] = _mm512_shuffle_f32x4(r[c], r[4 + c], 0x88);
        t[4 + c] = _mm512_shuffle_f32x4(r[8 + c], r[12 + c], 0x88);
        t[8 + c] = _mm512_shuffle_f32x4(r[c], r[4 + c], 0xdd);
        t[12 + c] = _mm512_shuffle_f32x4(r[8 + c], r[12 + c], 0xdd);
    }
    for (int c = 0; c < 4; c++) {
        r[c] = _mm512_shuffle_f32x4(t[c], t[4 + c], 0x88);
        r[4 + c] = _mm512_shuffle_f32x4(t[8 + c], t[12 + c], 0x88);
        r[8 + c] = _mm512_shuffle_f32x4(t[c], t[4 + c], 0xdd);
        r[12 + c] = _mm512_shuffle_f32x4(t[8 + c], t[12 + c], 0xdd);
    }
}
#endif

// To [deep, rows] (+)= from [rows, deep], words of 32 bits; by vectors as far as there are 16 of each.
template <bool Adds, typename Word>
BT_INLINE void across(const Word* from, int64_t from_row, int64_t rows, int64_t deep, Word* to, int64_t to_row) {
    int64_t turned_rows = 0, turned = 0;
#if defined(__AVX512F__)
    turned_rows = rows / 16 * 16;
    turned = deep / 16 * 16;
    for (int64_t i = 0; i < turned_rows; i += 16)
        for (int64_t d = 0; d < turned; d += 16) {
            __m512 block[16];
            for (int n = 0; n < 16; n++) block[n] = _mm512_loadu_ps(from + (i + n) * from_row + d);
            turn(block);
            for (int n = 0; n < 16; n++) {
                Word* row = to + (d + n) * to_row + i;
                if constexpr (Adds) block[n] += _mm512_loadu_ps(row);
                _mm512_storeu_ps(row, block[n]);
            }
        }
#endif
    for (int64_t i = 0; i < rows; i++)
        for (int64_t d = i < turned_rows ? turned : 0; d < deep; d++) {
            if constexpr (Adds)
                to[d * to_row + i] += from[i * from_row + d];
            else
                to[d * to_row + i] = from[i * from_row + d];
        }
}

}  // namespace

}  // namespace bench::BT_SET
