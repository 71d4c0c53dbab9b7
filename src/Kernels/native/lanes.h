// Vectors of float32 as wide as the instruction set has them, and what is done to them between two products.
#pragma once

#include "vector.h"

#if defined(__AVX2__)
#include <immintrin.h>
#endif

namespace bench::BT_SET {

namespace {

#if defined(__AVX512F__)
constexpr int64_t lanes = 16;
#elif defined(__AVX2__)
constexpr int64_t lanes = 8;
#else
constexpr int64_t lanes = 4;
#endif

typedef float vec __attribute__((vector_size(lanes * 4), aligned(4), may_alias));

typedef int32_t whole __attribute__((vector_size(lanes * 4), aligned(4), may_alias));

BT_INLINE vec& at(float* p) { return *reinterpret_cast<vec*>(p); }
BT_INLINE const vec& at(const float* p) { return *reinterpret_cast<const vec*>(p); }

BT_INLINE int64_t padded(int64_t count, int64_t to) { return (count + to - 1) / to * to; }

// What one multiplication takes along the inner dimension is a word: a number, or two bfloat16 (the first in the lower half) that a
// processor with AVX512_BF16 multiplies and adds to a float32 at once.
template <typename Word>
constexpr int64_t together = 1;

#if defined(__AVX512BF16__)
struct pair {
    uint32_t bits;
};

template <>
constexpr int64_t together<pair> = 2;

typedef uint32_t pairs __attribute__((vector_size(64), aligned(4), may_alias));

BT_INLINE pairs& at(pair* p) { return *reinterpret_cast<pairs*>(p); }
BT_INLINE const pairs& at(const pair* p) { return *reinterpret_cast<const pairs*>(p); }

// Vectors of bfloat16, of which the last of a row is filled as far as there are numbers.
BT_INLINE __mmask16 some_of(int64_t count) { return static_cast<__mmask16>((1u << least(16, count)) - 1u); }
BT_INLINE vec load(const bf16* x, __mmask16 some) {
    return (vec)_mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(some, x)), 16);
}
BT_INLINE vec load(const float* x, __mmask16 some) { return _mm512_maskz_loadu_ps(some, x); }
BT_INLINE void store(bf16* to, __mmask16 some, const vec& x) { _mm256_mask_storeu_epi16(to, some, (__m256i)_mm512_cvtneps_pbh(x)); }
BT_INLINE void store(float* to, __mmask16 some, const vec& x) { _mm512_mask_storeu_ps(to, some, x); }

// A row of what is made of vectors: whole cache lines at a time, so that what they held need not be read.
template <typename Vector>
BT_INLINE void put_each(bf16* to, int64_t width, const Vector& vector) {
    int64_t i = 0;
    for (; i + 32 <= width; i += 32) {
        const vec first = vector(i, __mmask16(-1)), second = vector(i + 16, __mmask16(-1));
        _mm512_storeu_si512(to + i, (__m512i)_mm512_cvtne2ps_pbh(second, first));
    }
    for (; i < width; i += 16) store(to + i, some_of(width - i), vector(i, some_of(width - i)));
}

#define BT_VECTOR [&](int64_t i, __mmask16 some) __attribute__((always_inline)) -> vec
#endif

// Halves upon halves: one addition behind another would take four times as long.
BT_INLINE float total(vec of) {
#if defined(__AVX512F__)
    return _mm512_reduce_add_ps(of);
#else
    for (int64_t half = lanes / 2; half > 0; half /= 2)
        for (int64_t i = 0; i < half; i++) of[i] += of[i + half];
    return of[0];
#endif
}

BT_INLINE vec larger(const vec& a, const vec& b) {
#if defined(__AVX512F__)
    return _mm512_max_ps(a, b);
#else
    return a > b ? a : b;
#endif
}

BT_INLINE vec smaller(const vec& a, const vec& b) {
#if defined(__AVX512F__)
    return _mm512_min_ps(a, b);
#else
    return a < b ? a : b;
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
    return x < -126.0f ? vec{} : p * (vec)(((whole)shifted + 127) << 23);
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

// As many rows of words as a vector has become columns.
#if defined(__AVX512F__)
BT_INLINE void turn(vec (&r)[16]) {
    __m512 t[16];
    for (int i = 0; i < 16; i += 2) {
        t[i] = _mm512_unpacklo_ps(r[i], r[i + 1]);
        t[i + 1] = _mm512_unpackhi_ps(r[i], r[i + 1]);
    }
    for (int i = 0; i < 16; i += 4)
        for (int j = 0; j < 2; j++) {
            r[i + 2 * j] = (vec)_mm512_unpacklo_pd(_mm512_castps_pd(t[i + j]), _mm512_castps_pd(t[i + j + 2]));
            r[i + 2 * j + 1] = (vec)_mm512_unpackhi_pd(_mm512_castps_pd(t[i + j]), _mm512_castps_pd(t[i + j + 2]));
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
#elif defined(__AVX2__)
BT_INLINE void turn(vec (&r)[8]) {
    __m256 t[8];
    for (int i = 0; i < 8; i += 2) {
        t[i] = _mm256_unpacklo_ps(r[i], r[i + 1]);
        t[i + 1] = _mm256_unpackhi_ps(r[i], r[i + 1]);
    }
    for (int i = 0; i < 8; i += 4)
        for (int j = 0; j < 2; j++) {
            r[i + 2 * j] = (vec)_mm256_unpacklo_pd(_mm256_castps_pd(t[i + j]), _mm256_castps_pd(t[i + j + 2]));
            r[i + 2 * j + 1] = (vec)_mm256_unpackhi_pd(_mm256_castps_pd(t[i + j]), _mm256_castps_pd(t[i + j + 2]));
        }
    for (int c = 0; c < 4; c++) {
        t[c] = _mm256_permute2f128_ps(r[c], r[4 + c], 0x20);
        t[4 + c] = _mm256_permute2f128_ps(r[c], r[4 + c], 0x31);
    }
    for (int i = 0; i < 8; i++) r[i] = t[i];
}
#endif

// To [deep, rows] (+)= from [rows, deep], words of 32 bits; by vectors as far as a vector is full of each.
template <bool Adds, typename Word>
BT_INLINE void across(const Word* from, int64_t from_row, int64_t rows, int64_t deep, Word* to, int64_t to_row) {
    int64_t turned_rows = 0, turned = 0;
#if defined(__AVX2__)
    turned_rows = rows / lanes * lanes;
    turned = deep / lanes * lanes;
    for (int64_t i = 0; i < turned_rows; i += lanes)
        for (int64_t d = 0; d < turned; d += lanes) {
            vec block[lanes];
            for (int64_t n = 0; n < lanes; n++) block[n] = *reinterpret_cast<const vec*>(from + (i + n) * from_row + d);
            turn(block);
            for (int64_t n = 0; n < lanes; n++) {
                vec& row = *reinterpret_cast<vec*>(to + (d + n) * to_row + i);
                if constexpr (Adds)
                    row += block[n];
                else
                    row = block[n];
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
