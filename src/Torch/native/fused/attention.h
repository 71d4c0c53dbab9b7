// Rotary attention of one head, tile by tile: scores never leave the cache, and of the forward pass only the logarithm of each query's norm is
// kept (Dao et al., arXiv 2205.14135). Scores lie across, [keys, queries], so that what belongs to a query belongs to a lane: its maximum and sum
// need nothing of other lanes. They are logarithms to base 2, which the scale of the queries sees to.
//
// Products take words (see products.h): of float32, or of bfloat16 where numbers come so and the processor multiplies them. Weights and the
// gradients of scores are then rounded to bfloat16 as well; sums, the softmax and what is subtracted in its gradient are float32.
#pragma once

#include "products.h"

namespace bench::BT_SET {

namespace {

constexpr float log2_e = 1.44269504f, ln_2 = 0.69314718f;
constexpr int64_t vectors = 4, group = vectors * lanes; // of queries that are looked at side by side; a tile is one or more groups
static_assert(tile % group == 0, "tiles are whole groups of queries");

// Where what is computed with lies: `wide` floats are a head's padded width, `stride` words too, `deep` is the padded length. Padding is zero.
template <typename Word>
struct Layout {
    int64_t width, wide, stride, deep;

    explicit Layout(const AttentionShape& shape)
        : width(shape.width), wide(padded(shape.width, lanes)), stride(padded(shape.width, lanes * together<Word>) / together<Word>), deep(padded(shape.length, tile)) {}

    int64_t inner() const { return (width + together<Word> - 1) / together<Word>; }
};

// Takes memory of a whole number of cache lines.
template <typename T>
BT_INLINE T* take(float*& scratch, int64_t count) {
    T* taken = reinterpret_cast<T*>(scratch);
    scratch += padded(count * static_cast<int64_t>(sizeof(T) / sizeof(float)), 16);
    return taken;
}

BT_INLINE float* aligned(float* scratch) { return reinterpret_cast<float*>((reinterpret_cast<uintptr_t>(scratch) + 63) / 64 * 64); }

template <typename T>
BT_INLINE void rotate(const T* x, const float* cosine, const float* sine, int64_t half, float scale, float* to) {
#pragma omp simd
    for (int64_t d = 0; d < half; d++) {
        to[d] = (get(x, d) * cosine[d] - get(x, d + half) * sine[d]) * scale;
        to[d + half] = (get(x, d + half) * cosine[d] + get(x, d) * sine[d]) * scale;
    }
}

// Back through the rotation, which is orthogonal.
BT_INLINE void rotate_back(const float* x, const float* cosine, const float* sine, int64_t half, float scale, float* to) {
#pragma omp simd
    for (int64_t d = 0; d < half; d++) {
        to[d] = (x[d] * cosine[d] + x[d + half] * sine[d]) * scale;
        to[d + half] = (x[d + half] * cosine[d] - x[d] * sine[d]) * scale;
    }
}

// The three ways in which words are made of numbers: of those that follow each other in rows of T ...
BT_INLINE void fill_row(const float* x, int64_t width, float* to) {
#pragma omp simd
    for (int64_t d = 0; d < width; d++) to[d] = x[d];
}

BT_INLINE void fill_row(const bf16* x, int64_t width, float* to) {
#pragma omp simd
    for (int64_t d = 0; d < width; d++) to[d] = get(x, d);
}

// ... of vectors that follow each other, as many rows apart as there are numbers in a word ...
BT_INLINE void put_rows(const vec (&x)[1][vectors], float* to, int64_t) {
    for (int64_t n = 0; n < vectors; n++) at(to + n * lanes) = x[0][n];
}

// ... and of vectors that lie one below another.
BT_INLINE void put_columns(const vec (&x)[1][vectors], float* to) { put_rows(x, to, 0); }

// Rows of words, of which those below each other become words: what they are already.
BT_INLINE void regroup(const float*, int64_t, int64_t, float*, int64_t) {}

#if defined(__AVX512BF16__)
BT_INLINE void fill_row(const float* x, int64_t width, pair* to) {
    for (int64_t d = 0; d < width; d += 32) at(to + d / 2) = (pairs)_mm512_cvtne2ps_pbh(at(x + d + 16), at(x + d));
}

BT_INLINE void fill_row(const bf16* x, int64_t width, pair* to) {
    __builtin_memcpy(to, x, sizeof(bf16) * width);
}

BT_INLINE void put_rows(const vec (&x)[2][vectors], pair* to, int64_t stride) {
    for (int64_t i = 0; i < 2; i++)
        for (int64_t n = 0; n < vectors; n += 2) at(to + i * stride + n * lanes / 2) = (pairs)_mm512_cvtne2ps_pbh(x[i][n + 1], x[i][n]);
}

BT_INLINE void put_columns(const vec (&x)[2][vectors], pair* to) {
    const __m512i order = _mm512_set_epi16(31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8, 23, 7, 22, 6, 21, 5, 20, 4, 19, 3, 18, 2, 17, 1, 16, 0);
    for (int64_t n = 0; n < vectors; n++) at(to + n * lanes) = (pairs)_mm512_permutexvar_epi16(order, (__m512i)_mm512_cvtne2ps_pbh(x[1][n], x[0][n]));
}

BT_INLINE void regroup(const pair* from, int64_t stride, int64_t rows, pair* to, int64_t wide) {
    for (int64_t i = 0; i < rows; i += 2) {
        const bf16 *first = reinterpret_cast<const bf16*>(from + i * stride), *second = reinterpret_cast<const bf16*>(from + (i + 1) * stride);
        pair* row = to + i / 2 * wide;
#pragma omp simd
        for (int64_t d = 0; d < wide; d++) row[d].bits = first[d].bits | static_cast<uint32_t>(second[d].bits) << 16;
    }
}
#endif

// A row of results in the type that is asked for.
BT_INLINE void put_row(const float* from, int64_t width, float* to) {
#pragma omp simd
    for (int64_t d = 0; d < width; d++) to[d] = from[d];
}

BT_INLINE void put_row(const float* from, int64_t width, bf16* to) {
#if defined(__AVX512BF16__)
    for (int64_t d = 0; d < width; d += lanes) {
        const auto some = static_cast<__mmask16>((1u << least(lanes, width - d)) - 1u);
        _mm256_mask_storeu_epi16(to + d, some, (__m256i)_mm512_cvtneps_pbh(_mm512_maskz_loadu_ps(some, from + d)));
    }
#else
#pragma omp simd
    for (int64_t d = 0; d < width; d++) put(to, d, from[d]);
#endif
}

// A head's queries, keys or values, or gradients of its results, by what a product needs of them.
template <typename Word>
struct Operand {
    Word* rows;    // [deep, stride], words along the width: the left of a product along it
    Word* columns; // [deep / together, wide], words along the length: the right of a product along it
    Word* across;  // [tiles, stride, tile], words along the width: the right of a product along it
};

template <typename Word>
Operand<Word> carve(const Layout<Word>& layout, float*& scratch, bool columns, bool across) {
    const int64_t rows = layout.deep * layout.stride;
    Operand<Word> made{take<Word>(scratch, rows), nullptr, nullptr};
    made.columns = together<Word> == 1 ? made.rows : columns ? take<Word>(scratch, layout.deep / together<Word> * layout.wide) : nullptr;
    made.across = across ? take<Word>(scratch, rows) : nullptr;
    // The rows are filled up to the width and to the length; what else is made of them is zero where they are.
    if (layout.width != layout.stride * together<Word>) __builtin_memset(made.rows, 0, sizeof(Word) * rows);
    return made;
}

// Clears the rows behind the last, and makes the rest of the rows.
template <typename Word>
void complete(const Layout<Word>& layout, const Operand<Word>& operand, int64_t length, bool columns, bool across_too) {
    __builtin_memset(operand.rows + length * layout.stride, 0, sizeof(Word) * (layout.deep - length) * layout.stride);
    if (columns) regroup(operand.rows, layout.stride, layout.deep, operand.columns, layout.wide);
    if (across_too)
        for (int64_t i = 0; i < layout.deep; i += tile) across<false>(operand.rows + i * layout.stride, layout.stride, tile, layout.stride, operand.across + i * layout.stride, tile);
}

BT_INLINE int look(const AttentionHead& head, int64_t deep, int64_t query, int64_t key) {
    return head.live ? head.live[query / tile * (deep / tile) + key / tile] : head.mask ? 1 : 2;
}

// Scores [count, tile] of a tile, masked. A row of -inf is added where the last word would be half of nothing.
template <typename Word>
void score(const AttentionShape& shape, const AttentionHead& head, const Layout<Word>& layout, const Word* queries, const Word* keys, int64_t query, int64_t key, float* scores) {
    const int64_t rows = least(tile, shape.length - query), count = least(tile, shape.length - key);
    product(count, tile, layout.inner(), keys + key * layout.stride, layout.stride, 1, queries, tile, scores, tile, false);
    if (head.mask && look(head, layout.deep, query, key) == 1) across<true>(head.mask + query * shape.length + key, shape.length, rows, count, scores, tile);
    for (int64_t i = count * tile; i < padded(count, together<Word>) * tile; i++) scores[i] = -infinity;
}

// Of each query of a tile: what is subtracted of its scores, the sum of their powers, and what weights have been mixed to.
struct Running {
    float most[tile], sum[tile];
    float* mixed; // [tile, wide]
    bool begun;
};

// Scores become weights 2^(score - most). The maximum is moved, and what was summed under the last one with it, only where one would be more than 2^8.
template <typename Word>
BT_INLINE void weigh(const float* scores, int64_t count, Running& running, int64_t wide, Word* weights) {
    constexpr int64_t apart = together<Word>;
    for (int64_t g = 0; g < tile; g += group) {
        vec most[vectors], peak[vectors], sum[vectors];
        for (int64_t n = 0; n < vectors; n++) {
            peak[n] = most[n] = at(running.most + g + n * lanes);
            sum[n] = at(running.sum + g + n * lanes);
        }
        for (int64_t j = 0; j < count; j++)
            for (int64_t n = 0; n < vectors; n++) peak[n] = larger(peak[n], at(scores + j * tile + g + n * lanes));
        bool grown = false;
        for (int64_t n = 0; n < vectors; n++) grown |= exceeds(peak[n], most[n] + 8.0f);
        if (grown) {
            for (int64_t n = 0; n < vectors; n++) {
                const vec factor = power(most[n] - peak[n]);
                sum[n] *= factor;
                at(running.most + g + n * lanes) = most[n] = peak[n];
                if (running.begun)
                    for (int64_t i = 0; i < lanes; i++)
                        for (int64_t d = 0; d < wide; d += lanes) at(running.mixed + (g + n * lanes + i) * wide + d) *= factor[i];
            }
        }
        for (int64_t j = 0; j < count; j += apart) {
            vec p[apart][vectors];
            for (int64_t i = 0; i < apart; i++)
                for (int64_t n = 0; n < vectors; n++) {
                    p[i][n] = power(at(scores + (j + i) * tile + g + n * lanes) - most[n]);
                    sum[n] += p[i][n];
                }
            put_columns(p, weights + j / apart * tile + g);
        }
        for (int64_t n = 0; n < vectors; n++) at(running.sum + g + n * lanes) = sum[n];
    }
}

template <typename Word, typename T>
void attend(const AttentionShape& shape, const AttentionHead& head, T* out, float* norms, float* scratch) {
    const Layout<Word> layout(shape);
    const int64_t wide = layout.wide, stride = layout.stride, half = shape.width / 2, apart = together<Word>, token = shape.heads * shape.width;
    scratch = aligned(scratch);
    const auto k = carve(layout, scratch, false, false), v = carve(layout, scratch, true, false);
    const auto q = take<Word>(scratch, tile * stride), q_across = take<Word>(scratch, tile * stride);
    float *row = take<float>(scratch, stride * apart), *scores = take<float>(scratch, tile * tile);
    Running running;
    running.mixed = take<float>(scratch, tile * wide);
    Word* weights = apart == 1 ? reinterpret_cast<Word*>(scores) : take<Word>(scratch, tile / apart * tile);

    const T* from = static_cast<const T*>(head.qkv);
    __builtin_memset(row, 0, sizeof(float) * stride * apart);
    for (int64_t i = 0; i < shape.length; i++) {
        const T* key = from + i * 3 * token + token;
        rotate(key, head.cosines + i * half, head.sines + i * half, half, 1, row);
        fill_row(row, shape.width, k.rows + i * stride);
        fill_row(key + token, shape.width, v.rows + i * stride);
    }
    complete(layout, k, shape.length, false, false);
    complete(layout, v, shape.length, true, false);

    __builtin_memset(q, 0, sizeof(Word) * tile * stride);
    for (int64_t query = 0; query < shape.length; query += tile) {
        const int64_t rows = least(tile, shape.length - query);
        for (int64_t i = 0; i < rows; i++) {
            rotate(from + (query + i) * 3 * token, head.cosines + (query + i) * half, head.sines + (query + i) * half, half, shape.scale * log2_e, row);
            fill_row(row, shape.width, q + i * stride);
        }
        across<false>(q, stride, tile, stride, q_across, tile);
        running.begun = false;
        for (int64_t i = 0; i < tile; i++) running.most[i] = -1e30f, running.sum[i] = 0; // finite: a score of -inf less this is -inf
        for (int64_t key = 0; key < layout.deep; key += tile) {
            if (!look(head, layout.deep, query, key)) continue;
            const int64_t count = padded(least(tile, shape.length - key), apart);
            score(shape, head, layout, q_across, k.rows, query, key, scores);
            weigh(scores, count, running, wide, weights);
            product(rows, wide, count / apart, weights, 1, tile, v.columns + key / apart * wide, wide, running.mixed, wide, running.begun);
            running.begun = true;
        }
        for (int64_t i = 0; i < rows; i++) {
            const float sum = running.sum[i], inverse = 1.0f / sum;
            norms[query + i] = running.most[i] * ln_2 + __builtin_logf(sum);
            float* mixed = running.mixed + i * wide;
            for (int64_t d = 0; d < wide; d += lanes) at(mixed + d) *= inverse;
            put_row(mixed, shape.width, out + (query + i) * token);
        }
    }
}

template <typename Word, typename T>
void attend_back(const AttentionShape& shape, const AttentionHead& head, const T* out, const float* norms, const T* gout, T* gqkv, float* scratch) {
    const Layout<Word> layout(shape);
    const int64_t wide = layout.wide, stride = layout.stride, deep = layout.deep, half = shape.width / 2, token = shape.heads * shape.width;
    constexpr int64_t apart = together<Word>;
    scratch = aligned(scratch);
    const auto q = carve(layout, scratch, true, true), k = carve(layout, scratch, true, false), v = carve(layout, scratch, false, false), g = carve(layout, scratch, true, true);
    float *row = take<float>(scratch, stride * apart), *norm = take<float>(scratch, deep), *dots = take<float>(scratch, deep); // dots: of each query's result with its gradient
    float *gq = take<float>(scratch, deep * wide), *gk = take<float>(scratch, tile * wide), *gv = take<float>(scratch, tile * wide);
    float *scores = take<float>(scratch, tile * tile), *slopes = take<float>(scratch, tile * tile);
    Word *weights = reinterpret_cast<Word*>(scores), *turned = reinterpret_cast<Word*>(slopes), *turned_across = turned; // words of both
    if constexpr (apart > 1) {
        weights = take<Word>(scratch, tile / apart * tile);
        turned = take<Word>(scratch, tile / apart * tile);
        turned_across = take<Word>(scratch, tile / apart * tile);
    }

    const T* from = static_cast<const T*>(head.qkv);
    __builtin_memset(row, 0, sizeof(float) * stride * apart);
    __builtin_memset(gq, 0, sizeof(float) * deep * wide);
    for (int64_t i = 0; i < shape.length; i++) {
        const T *query = from + i * 3 * token, *key = query + token, *to = out + i * token, *of = gout + i * token;
        const float *cosine = head.cosines + i * half, *sine = head.sines + i * half;
        rotate(query, cosine, sine, half, shape.scale * log2_e, row);
        fill_row(row, shape.width, q.rows + i * stride);
        rotate(key, cosine, sine, half, 1, row);
        fill_row(row, shape.width, k.rows + i * stride);
        fill_row(key + token, shape.width, v.rows + i * stride);
        fill_row(of, shape.width, g.rows + i * stride);
        float dot = 0;
#pragma omp simd reduction(+ : dot)
        for (int64_t d = 0; d < shape.width; d++) dot += get(of, d) * get(to, d);
        dots[i] = dot;
        norm[i] = norms[i] * log2_e;
    }
    for (int64_t i = shape.length; i < deep; i++) norm[i] = dots[i] = 0;
    complete(layout, q, shape.length, true, true);
    complete(layout, k, shape.length, true, false);
    complete(layout, v, shape.length, false, false);
    complete(layout, g, shape.length, true, true);

    for (int64_t key = 0; key < shape.length; key += tile) {
        const int64_t count = least(tile, shape.length - key), even = padded(count, apart);
        bool adds = false;
        for (int64_t query = 0; query < shape.length; query += tile) {
            if (!look(head, deep, query, key)) continue;
            const int64_t rows = least(tile, shape.length - query);
            score(shape, head, layout, q.across + query * stride, k.rows, query, key, scores);
            product(count, tile, layout.inner(), v.rows + key * stride, stride, 1, g.across + query * stride, tile, slopes, tile, false);
            for (int64_t i = count * tile; i < even * tile; i++) slopes[i] = 0;
            for (int64_t at_query = 0; at_query < tile; at_query += group) {
                vec less[vectors], dot[vectors];
                for (int64_t n = 0; n < vectors; n++) {
                    less[n] = at(norm + query + at_query + n * lanes);
                    dot[n] = at(dots + query + at_query + n * lanes);
                }
                for (int64_t j = 0; j < even; j += apart) {
                    vec p[apart][vectors], s[apart][vectors];
                    for (int64_t i = 0; i < apart; i++)
                        for (int64_t n = 0; n < vectors; n++) {
                            const int64_t place = (j + i) * tile + at_query + n * lanes;
                            p[i][n] = power(at(scores + place) - less[n]);
                            s[i][n] = p[i][n] * (at(slopes + place) - dot[n]);
                        }
                    const int64_t place = (j * tile + at_query) / apart;
                    put_rows(p, weights + place, tile / apart);
                    put_rows(s, turned + place, tile / apart);
                    if (apart > 1) put_columns(s, turned_across + j / apart * tile + at_query);
                }
            }
            product(count, wide, tile / apart, weights, tile / apart, 1, g.columns + query / apart * wide, wide, gv, wide, adds);
            product(count, wide, tile / apart, turned, tile / apart, 1, q.columns + query / apart * wide, wide, gk, wide, adds);
            product(rows, wide, even / apart, turned_across, 1, tile, k.columns + key / apart * wide, wide, gq + query * wide, wide, true);
            adds = true;
        }
        if (!adds) {
            __builtin_memset(gk, 0, sizeof(float) * tile * wide);
            __builtin_memset(gv, 0, sizeof(float) * tile * wide);
        }
        for (int64_t i = 0; i < count; i++) {
            T* to = gqkv + (key + i) * 3 * token + token;
            // The queries that were multiplied are scaled, and to base 2.
            rotate_back(gk + i * wide, head.cosines + (key + i) * half, head.sines + (key + i) * half, half, ln_2, row);
            put_row(row, shape.width, to);
            put_row(gv + i * wide, shape.width, to + token);
        }
    }
    for (int64_t i = 0; i < shape.length; i++) {
        rotate_back(gq + i * wide, head.cosines + i * half, head.sines + i * half, half, shape.scale, row);
        put_row(row, shape.width, gqkv + i * 3 * token);
    }
}

template <typename Word>
int64_t scratch_for(const AttentionShape& shape, bool backward) {
    const Layout<Word> layout(shape);
    const int64_t apart = together<Word>, wide = layout.wide, deep = layout.deep, rows = deep * layout.stride, columns_too = apart == 1 ? 0 : deep / apart * wide;
    const int64_t row = padded(layout.stride * apart, 16), words = apart == 1 ? 0 : tile / apart * tile, lines_begun = 32 * 16;
    if (backward) return 6 * rows + 3 * columns_too + row + 2 * deep + deep * wide + 2 * tile * wide + 2 * tile * tile + 3 * words + lines_begun;
    return 2 * rows + columns_too + 2 * tile * layout.stride + row + tile * tile + tile * wide + words + lines_begun;
}

#if defined(__AVX512BF16__)
using Pairs = pair;
#else
using Pairs = float;
#endif

int64_t attention_scratch(const AttentionShape& shape, bool backward) {
    const int64_t single = scratch_for<float>(shape, backward), paired = scratch_for<Pairs>(shape, backward);
    return single > paired ? single : paired;
}

void attention(Element type, const AttentionShape& shape, const AttentionHead& head, void* out, float* norms, float* scratch) {
    if (type == Element::Float32)
        attend<float>(shape, head, static_cast<float*>(out), norms, scratch);
    else
        attend<Pairs>(shape, head, static_cast<bf16*>(out), norms, scratch);
}

void attention_back(Element type, const AttentionShape& shape, const AttentionHead& head, const void* out, const float* norms, const void* gout, void* gqkv, float* scratch) {
    if (type == Element::Float32)
        attend_back<float>(shape, head, static_cast<const float*>(out), norms, static_cast<const float*>(gout), static_cast<float*>(gqkv), scratch);
    else
        attend_back<Pairs>(shape, head, static_cast<const bf16*>(out), norms, static_cast<const bf16*>(gout), static_cast<bf16*>(gqkv), scratch);
}

}  // namespace

}  // namespace bench::BT_SET
