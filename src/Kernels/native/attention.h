// Rotary attention of one head, tile by tile: scores never leave the cache, and of the forward pass only the logarithm of each query's norm
// is kept (Dao et al., arXiv 2205.14135). Scores lie across, [keys, queries], so that what belongs to a query belongs to a lane: its
// maximum and sum need nothing of other lanes. They are logarithms to base 2, which the scale of the queries sees to.
//
// Products take words (see lanes.h): of float32, or of bfloat16 where numbers come so and the processor multiplies them. Weights and the
// gradients of scores are then rounded to bfloat16 as well; sums, the softmax and what is subtracted in its gradient are float32.
#pragma once

#include "products.h"

namespace bench::BT_SET {

namespace {

constexpr int64_t vectors = 4, group = vectors * lanes; // of queries that are looked at side by side; a tile is one or more groups
static_assert(tile % group == 0, "tiles are whole groups of queries");

// How wide what is computed with lies: a head's width is padded to `wide` columns and rows of `stride` words, the length to `deep`. Padding
// is zero.
template <typename Word>
struct Layout {
    int64_t width, wide, stride, length, deep;

    explicit Layout(const AttentionShape& shape)
        : width(shape.width), wide(padded(shape.width, lanes)), stride(padded(shape.width, lanes * together<Word>) / together<Word>),
          length(shape.length), deep(padded(shape.length, tile)) {}

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

// Rows of a width become words: those of a product along the width, rotated or not ...
template <typename T>
BT_INLINE void rotate(const T* x, const float* cosine, const float* sine, int64_t half, float scale, float* to) {
#pragma omp simd
    for (int64_t d = 0; d < half; d++) {
        to[d] = (get(x, d) * cosine[d] - get(x, d + half) * sine[d]) * scale;
        to[d + half] = (get(x, d + half) * cosine[d] + get(x, d) * sine[d]) * scale;
    }
}

template <typename T>
BT_INLINE void copy(const T* x, int64_t width, float* to) {
#pragma omp simd
    for (int64_t d = 0; d < width; d++) to[d] = get(x, d);
}

// ... and those of a product along the length: what one row is already.
template <typename T>
BT_INLINE void put_below(const T* x, const T*, int64_t width, float* to) { copy(x, width, to); }

// Vectors that follow each other, of as many rows as there are numbers in a word, become words along the rows, `stride` apart, or across
// them.
BT_INLINE void put_rows(const vec (&x)[1][vectors], float* to, int64_t) {
    for (int64_t n = 0; n < vectors; n++) at(to + n * lanes) = x[0][n];
}

BT_INLINE void put_columns(const vec (&x)[1][vectors], float* to) { put_rows(x, to, 0); }

// Results in the type that is asked for: as they are, and back through the rotation, which is orthogonal.
template <typename T>
BT_INLINE void put_row(const float* x, float scale, int64_t width, T* to) {
#pragma omp simd
    for (int64_t d = 0; d < width; d++) put(to, d, x[d] * scale);
}

template <typename T>
BT_INLINE void rotate_back(const float* x, const float* cosine, const float* sine, int64_t half, float scale, T* to) {
#pragma omp simd
    for (int64_t d = 0; d < half; d++) {
        put(to, d, (x[d] * cosine[d] + x[d + half] * sine[d]) * scale);
        put(to, d + half, (x[d + half] * cosine[d] - x[d] * sine[d]) * scale);
    }
}

template <typename T>
BT_INLINE float dot(const T* x, const T* y, int64_t width) {
    float sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int64_t d = 0; d < width; d++) sum += get(x, d) * get(y, d);
    return sum;
}

#if defined(__AVX512BF16__)
// The same of bfloat16, by vectors.
BT_INLINE void rotate(const bf16* x, const float* cosine, const float* sine, int64_t half, float scale, pair* words) {
    bf16* to = reinterpret_cast<bf16*>(words);
    for (int64_t d = 0; d < half; d += lanes) {
        const __mmask16 some = some_of(half - d);
        const vec c = load(cosine + d, some), s = load(sine + d, some), first = load(x + d, some), second = load(x + d + half, some);
        store(to + d, some, (first * c - second * s) * scale);
        store(to + d + half, some, (second * c + first * s) * scale);
    }
}

BT_INLINE void copy(const bf16* x, int64_t width, pair* words) {
    for (int64_t d = 0; d < width; d += 32) {
        const auto some = static_cast<__mmask32>((uint64_t{1} << least(32, width - d)) - 1);
        at(words + d / 2) = (pairs)_mm512_maskz_loadu_epi16(some, x + d);
    }
}

// Two rows, the second of which may be null.
BT_INLINE void put_below(const bf16* x, const bf16* below, int64_t width, pair* to) {
    for (int64_t d = 0; d < width; d += lanes) {
        const __mmask16 some = some_of(width - d), more = below ? some : 0;
        at(to + d) = (pairs)_mm512_or_si512(_mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(some, x + d)), (__m512i)load(below + d, more));
    }
}

BT_INLINE float dot(const bf16* x, const bf16* y, int64_t width) {
    __m512 sum = _mm512_setzero_ps();
    for (int64_t d = 0; d < width; d += 32) {
        const auto some = static_cast<__mmask32>((uint64_t{1} << least(32, width - d)) - 1);
        sum = _mm512_dpbf16_ps(sum, (__m512bh)_mm512_maskz_loadu_epi16(some, x + d), (__m512bh)_mm512_maskz_loadu_epi16(some, y + d));
    }
    return _mm512_reduce_add_ps(sum);
}

BT_INLINE void put_rows(const vec (&x)[2][vectors], pair* to, int64_t stride) {
    for (int64_t i = 0; i < 2; i++)
        for (int64_t n = 0; n < vectors; n += 2) at(to + i * stride + n * lanes / 2) = (pairs)_mm512_cvtne2ps_pbh(x[i][n + 1], x[i][n]);
}

BT_INLINE void put_columns(const vec (&x)[2][vectors], pair* to) {
    const __m512i order = _mm512_set_epi16(
        31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8, 23, 7, 22, 6, 21, 5, 20, 4, 19, 3, 18, 2, 17, 1, 16, 0);
    for (int64_t n = 0; n < vectors; n++)
        at(to + n * lanes) = (pairs)_mm512_permutexvar_epi16(order, (__m512i)_mm512_cvtne2ps_pbh(x[1][n], x[0][n]));
}

BT_INLINE void put_row(const float* x, float scale, int64_t width, bf16* to) {
    put_each(to, width, BT_VECTOR { return load(x + i, some) * scale; });
}

BT_INLINE void rotate_back(const float* x, const float* cosine, const float* sine, int64_t half, float scale, bf16* to) {
    if (half % lanes == 0) {
        put_each(to, 2 * half, BT_VECTOR {
            const int64_t of = i < half ? i : i - half;
            const vec c = load(cosine + of, some), s = load(sine + of, some), first = load(x + of, some),
                      second = load(x + of + half, some);
            return (i < half ? first * c + second * s : second * c - first * s) * scale;
        });
        return;
    }
    for (int64_t d = 0; d < half; d += lanes) {
        const __mmask16 some = some_of(half - d);
        const vec c = load(cosine + d, some), s = load(sine + d, some);
        const vec first = load(x + d, some), second = load(x + d + half, some);
        store(to + d, some, (first * c + second * s) * scale);
        store(to + d + half, some, (second * c - first * s) * scale);
    }
}
#endif

// A head's queries, keys or values, or gradients of its results, by what a product needs of them.
template <typename Word>
struct Operand {
    Word* rows;    // [deep, stride], words along the width: the left of a product along it
    Word* columns; // [deep / together, wide], words along the length: the right of a product along it
    Word* across;  // [tiles, stride, tile], words along the width: the right of a product along it
};

template <typename Word>
Operand<Word> carve(const Layout<Word>& layout, float*& scratch, bool below, bool beside) {
    const int64_t rows = layout.deep * layout.stride;
    Operand<Word> made{take<Word>(scratch, rows), nullptr, nullptr};
    made.columns = together<Word> == 1 ? made.rows : below ? take<Word>(scratch, layout.deep / together<Word> * layout.wide) : nullptr;
    made.across = beside ? take<Word>(scratch, rows) : nullptr;
    // Rows are filled as far as a head is wide and the text is long.
    if (layout.width != layout.stride * together<Word> || layout.deep != layout.length) __builtin_memset(made.rows, 0, sizeof(Word) * rows);
    return made;
}

// What else is made of rows.
template <typename T, typename Word>
void complete(const Layout<Word>& layout, const Operand<Word>& operand) {
    if constexpr (together<Word> > 1) {
        if (operand.columns)
            for (int64_t i = 0; i < layout.deep; i += 2) {
                const T* row = reinterpret_cast<const T*>(operand.rows + i * layout.stride);
                put_below(row, row + 2 * layout.stride, layout.wide, operand.columns + i / 2 * layout.wide);
            }
    }
    if (operand.across)
        for (int64_t i = 0; i < layout.deep; i += tile)
            across<false>(operand.rows + i * layout.stride, layout.stride, tile, layout.stride, operand.across + i * layout.stride, tile);
}

// Of a tile that the mask closes in part only what is open is multiplied, by patches of 16 queries or keys: for each of one, from the first
// to the last patch of the other that has something open. `all` if the tile is not to be taken apart.
constexpr int64_t patch = 16, patches = tile / patch;

struct Span {
    int64_t from, to;
};

struct Tile {
    int64_t query, rows, key, count, even; // where it is and how large, `even` with keys up to a whole word
    bool live, all;
    bool masked[patches][patches];        // [keys, queries]: whether something of a patch is closed
    Span queries[patches], keys[patches]; // of each patch of keys; of each patch of queries
};

// 0 where nothing is open, 2 where all is, else 1.
BT_INLINE int look_at(const float* mask, int64_t row, int64_t rows, int64_t count) {
    if (count == patch) {
        vec most = vec{} - infinity, lowest = {};
        for (int64_t i = 0; i < rows; i++)
            for (int64_t j = 0; j < patch; j += lanes) {
                const vec& value = at(mask + i * row + j);
                most = larger(most, value);
                lowest = smaller(lowest, value);
            }
        return !exceeds(most, vec{} - 1.0f) ? 0 : exceeds(vec{} - 1.0f, lowest) ? 1 : 2;
    }
    int64_t open = 0;
    for (int64_t i = 0; i < rows; i++)
        for (int64_t j = 0; j < count; j++) open += mask[i * row + j] == 0;
    return open == 0 ? 0 : open == rows * count ? 2 : 1;
}

template <typename Word>
Tile look(const AttentionHead& head, const Layout<Word>& layout, int64_t query, int64_t key) {
    const int look = head.live ? head.live[query / tile * (layout.deep / tile) + key / tile] : 1;
    Tile seen;
    seen.query = query, seen.rows = least(tile, layout.length - query), seen.key = key, seen.count = least(tile, layout.length - key);
    seen.even = padded(seen.count, together<Word>), seen.live = look != 0, seen.all = look == 2 || !head.mask;
    if (!seen.live || seen.all) return seen;
    for (int64_t i = 0; i < patches; i++) seen.queries[i] = seen.keys[i] = {tile, 0};
    for (int64_t i = 0; i < seen.rows; i += patch)
        for (int64_t j = 0; j < seen.count; j += patch) {
            const int open = look_at(head.mask + (query + i) * layout.length + key + j, layout.length, least(patch, seen.rows - i),
                least(patch, seen.count - j));
            seen.masked[j / patch][i / patch] = open != 2;
            if (open == 0) continue;
            Span &queries = seen.queries[j / patch], &keys = seen.keys[i / patch];
            queries = {least(queries.from, i), i + patch};
            keys = {least(keys.from, j), least(j + patch, seen.even)};
        }
    for (int64_t i = 0; i < patches; i++) {
        if (seen.queries[i].to == 0) seen.queries[i].from = 0;
        if (seen.keys[i].to == 0) seen.keys[i].from = 0;
    }
    return seen;
}

// Calls with the first key, how many, and which queries they are seen by ...
template <typename Body>
BT_INLINE void by_keys(const Tile& seen, const Body& body) {
    if (seen.all) return body(int64_t{0}, seen.count, Span{0, tile});
    for (int64_t i = 0; i < seen.count; i += patch) body(i, least(patch, seen.count - i), seen.queries[i / patch]);
}

// ... and with the first query, how many, and which keys they see.
template <typename Body>
BT_INLINE void by_queries(const Tile& seen, const Body& body) {
    if (seen.all) return body(int64_t{0}, seen.rows, Span{0, seen.even});
    for (int64_t i = 0; i < seen.rows; i += patch) body(i, least(patch, seen.rows - i), seen.keys[i / patch]);
}

// Products [count, tile] of keys with queries. What is left out becomes `closed`, and so does a last row that would be half of a word.
template <typename Word>
void match(const Layout<Word>& layout, const Tile& seen, const Word* queries, const Word* keys, float closed, float* products) {
    by_keys(seen, [&](int64_t first, int64_t count, Span span) {
        float* to = products + first * tile;
        product(count, span.to - span.from, layout.inner(), keys + (seen.key + first) * layout.stride, layout.stride, 1,
            queries + span.from, tile, to + span.from, tile, false);
        for (int64_t i = 0; i < count && !seen.all; i++) {
            for (int64_t j = 0; j < span.from; j += lanes) at(to + i * tile + j) = vec{} + closed;
            for (int64_t j = span.to; j < tile; j += lanes) at(to + i * tile + j) = vec{} + closed;
        }
    });
    for (int64_t i = seen.count * tile; i < seen.even * tile; i++) products[i] = closed;
}

// Scores of a tile, masked.
template <typename Word>
void score(const AttentionHead& head, const Layout<Word>& layout, const Tile& seen, const Word* queries, const Word* keys, float* scores) {
    match(layout, seen, queries, keys, -infinity, scores);
    if (seen.all) return;
    by_keys(seen, [&](int64_t first, int64_t count, Span span) {
        for (int64_t i = span.from; i < least(span.to, seen.rows); i += patch)
            if (seen.masked[first / patch][i / patch])
                across<true>(head.mask + (seen.query + i) * layout.length + seen.key + first, layout.length, least(patch, seen.rows - i),
                    count, scores + first * tile + i, tile);
    });
}

// Of each query of a tile: what is subtracted of its scores, the sum of their powers, and what weights have been mixed to.
struct Running {
    float most[tile], sum[tile];
    float* mixed; // [tile, wide]
    bool begun;
};

// Scores become weights 2^(score - most). The maximum is moved, and what was summed under the last one with it, only where one would be
// more than 2^8.
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
                const vec factor = power<Word>(most[n] - peak[n]);
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
                    p[i][n] = power<Word>(at(scores + (j + i) * tile + g + n * lanes) - most[n]);
                    sum[n] += p[i][n];
                }
            put_columns(p, weights + j / apart * tile + g);
        }
        for (int64_t n = 0; n < vectors; n++) at(running.sum + g + n * lanes) = sum[n];
    }
}

// Rows of a text lie far apart: those that will be needed are prefetched. (Beyond the last there may be nothing; a prefetch does not mind.)
constexpr int64_t ahead = 12;

template <typename T>
BT_INLINE void expect(const T* row, int64_t width) {
    for (int64_t d = 0; d < width; d += 64 / static_cast<int64_t>(sizeof(T))) __builtin_prefetch(row + d);
}

template <typename T>
BT_INLINE void expect_to_write(T* row, int64_t width) {
    for (int64_t d = 0; d < width; d += 64 / static_cast<int64_t>(sizeof(T))) __builtin_prefetch(row + d, 1);
}

template <typename Word, typename T>
void attend(const AttentionShape& shape, const AttentionHead& head, T* out, float* norms, float* scratch) {
    const Layout<Word> layout(shape);
    const int64_t width = shape.width, half = width / 2, wide = layout.wide, stride = layout.stride, token = shape.heads * width;
    constexpr int64_t apart = together<Word>;
    scratch = aligned(scratch);
    const auto k = carve(layout, scratch, false, false);
    Word *values = take<Word>(scratch, layout.deep / apart * wide), *q = take<Word>(scratch, tile * stride),
         *q_across = take<Word>(scratch, tile * stride);
    float* scores = take<float>(scratch, tile * tile);
    Running running;
    running.mixed = take<float>(scratch, tile * wide);
    // Words of float32 lie where the scores did.
    Word* weights = apart == 1 ? reinterpret_cast<Word*>(scores) : take<Word>(scratch, tile / apart * tile);

    const T* from = static_cast<const T*>(head.qkv);
    if (width != wide || layout.deep != shape.length) __builtin_memset(values, 0, sizeof(Word) * layout.deep / apart * wide);
    for (int64_t i = 0; i < shape.length; i++) {
        const T *key = from + i * 3 * token + token, *value = key + token;
        expect(key + ahead * 3 * token, width);
        expect(value + ahead * 3 * token, width);
        rotate(key, head.cosines + i * half, head.sines + i * half, half, 1, k.rows + i * stride);
        if (i % apart == 0) put_below(value, i + 1 < shape.length ? value + 3 * token : nullptr, width, values + i / apart * wide);
    }
    complete<T>(layout, k);

    __builtin_memset(q, 0, sizeof(Word) * tile * stride);
    for (int64_t query = 0; query < shape.length; query += tile) {
        const int64_t rows = least(tile, shape.length - query);
        for (int64_t i = query; i < query + rows; i++) {
            expect(from + (i + ahead) * 3 * token, width);
            rotate(
                from + i * 3 * token, head.cosines + i * half, head.sines + i * half, half, shape.scale * log2_e, q + (i - query) * stride);
        }
        for (int64_t i = query; i < query + rows; i++) expect_to_write(out + i * token, width);
        across<false>(q, stride, tile, stride, q_across, tile);
        running.begun = false;
        for (int64_t i = 0; i < tile; i++) running.most[i] = -1e30f, running.sum[i] = 0; // finite: a score of -inf less this is -inf
        for (int64_t key = 0; key < layout.deep; key += tile) {
            const Tile seen = look(head, layout, query, key);
            if (!seen.live) continue;
            score(head, layout, seen, q_across, k.rows, scores);
            weigh(scores, seen.even, running, wide, weights);
            by_queries(seen, [&](int64_t first, int64_t count, Span keys) {
                product(count, wide, (keys.to - keys.from) / apart, weights + keys.from / apart * tile + first, 1, tile,
                    values + (key + keys.from) / apart * wide, wide, running.mixed + first * wide, wide, running.begun);
            });
            running.begun = true;
        }
        for (int64_t i = 0; i < tile; i += lanes) {
            vec &most = at(running.most + i), &sum = at(running.sum + i);
            most = (most + logarithm(sum)) * ln_2;
            sum = 1.0f / sum;
        }
        __builtin_memcpy(norms + query, running.most, sizeof(float) * rows);
        for (int64_t i = 0; i < rows; i++) put_row(running.mixed + i * wide, running.sum[i], width, out + (query + i) * token);
    }
}

template <typename Word, typename T>
void attend_back(
    const AttentionShape& shape, const AttentionHead& head, const T* out, const float* norms, const T* gout, T* gqkv, float* scratch) {
    const Layout<Word> layout(shape);
    const int64_t width = shape.width, half = width / 2, wide = layout.wide, stride = layout.stride, deep = layout.deep,
                  token = shape.heads * width;
    constexpr int64_t apart = together<Word>;
    scratch = aligned(scratch);
    const auto q = carve(layout, scratch, true, true), k = carve(layout, scratch, true, false), v = carve(layout, scratch, false, false),
               g = carve(layout, scratch, true, true);
    float *norm = take<float>(scratch, deep), *dots = take<float>(scratch, deep); // dots: of each query's result with its gradient
    float *gq = take<float>(scratch, deep * wide), *gk = take<float>(scratch, tile * wide), *gv = take<float>(scratch, tile * wide);
    float *scores = take<float>(scratch, tile * tile), *slopes = take<float>(scratch, tile * tile);
    Word *weights = reinterpret_cast<Word*>(scores), *turned = reinterpret_cast<Word*>(slopes), *turned_across = turned; // words of both
    if constexpr (apart > 1) {
        weights = take<Word>(scratch, tile / apart * tile);
        turned = take<Word>(scratch, tile / apart * tile);
        turned_across = take<Word>(scratch, tile / apart * tile);
    }

    const T* from = static_cast<const T*>(head.qkv);
    __builtin_memset(gq, 0, sizeof(float) * deep * wide);
    for (int64_t i = 0; i < shape.length; i++) {
        const T *query = from + i * 3 * token, *key = query + token, *value = key + token, *to = out + i * token, *of = gout + i * token;
        const float *cosine = head.cosines + i * half, *sine = head.sines + i * half;
        for (int64_t part = 0; part < 3; part++) expect(query + (3 * ahead + part) * token, width);
        expect(to + ahead * token, width);
        expect(of + ahead * token, width);
        rotate(query, cosine, sine, half, shape.scale * log2_e, q.rows + i * stride);
        rotate(key, cosine, sine, half, 1, k.rows + i * stride);
        copy(value, width, v.rows + i * stride);
        copy(of, width, g.rows + i * stride);
        dots[i] = dot(of, to, width);
        norm[i] = norms[i] * log2_e;
    }
    for (int64_t i = shape.length; i < deep; i++) norm[i] = dots[i] = 0;
    complete<T>(layout, q);
    complete<T>(layout, k);
    complete<T>(layout, g);

    for (int64_t key = 0; key < shape.length; key += tile) {
        const int64_t count = least(tile, shape.length - key);
        for (int64_t i = key; i < key + count; i++)
            for (int64_t part = 0; part < 3; part++) expect_to_write(gqkv + (3 * i + part) * token, width);
        bool adds = false;
        for (int64_t query = 0; query < shape.length; query += tile) {
            const Tile seen = look(head, layout, query, key);
            if (!seen.live) continue;
            score(head, layout, seen, q.across + query * stride, k.rows, scores);
            match(layout, seen, g.across + query * stride, v.rows, 0, slopes);
            for (int64_t some = 0; some < tile; some += group) {
                vec less[vectors], mean[vectors];
                for (int64_t n = 0; n < vectors; n++) {
                    less[n] = at(norm + query + some + n * lanes);
                    mean[n] = at(dots + query + some + n * lanes);
                }
                for (int64_t j = 0; j < seen.even; j += apart) {
                    vec p[apart][vectors], s[apart][vectors];
                    for (int64_t i = 0; i < apart; i++)
                        for (int64_t n = 0; n < vectors; n++) {
                            const int64_t place = (j + i) * tile + some + n * lanes;
                            p[i][n] = power<Word>(at(scores + place) - less[n]);
                            s[i][n] = p[i][n] * (at(slopes + place) - mean[n]);
                        }
                    const int64_t place = (j * tile + some) / apart;
                    put_rows(p, weights + place, tile / apart);
                    put_rows(s, turned + place, tile / apart);
                    if (apart > 1) put_columns(s, turned_across + j / apart * tile + some);
                }
            }
            by_keys(seen, [&](int64_t first, int64_t some, Span queries) {
                const int64_t inner = (queries.to - queries.from) / apart, left = (first * tile + queries.from) / apart,
                              right = (query + queries.from) / apart * wide;
                product(some, wide, inner, weights + left, tile / apart, 1, g.columns + right, wide, gv + first * wide, wide, adds);
                product(some, wide, inner, turned + left, tile / apart, 1, q.columns + right, wide, gk + first * wide, wide, adds);
            });
            by_queries(seen, [&](int64_t first, int64_t some, Span keys) {
                product(some, wide, (keys.to - keys.from) / apart, turned_across + keys.from / apart * tile + first, 1, tile,
                    k.columns + (key + keys.from) / apart * wide, wide, gq + (query + first) * wide, wide, true);
            });
            adds = true;
        }
        if (!adds) {
            __builtin_memset(gk, 0, sizeof(float) * tile * wide);
            __builtin_memset(gv, 0, sizeof(float) * tile * wide);
        }
        for (int64_t i = 0; i < count; i++) {
            T* to = gqkv + (key + i) * 3 * token + token;
            // The queries that were multiplied are scaled, and to base 2.
            rotate_back(gk + i * wide, head.cosines + (key + i) * half, head.sines + (key + i) * half, half, ln_2, to);
            put_row(gv + i * wide, 1, width, to + token);
        }
    }
    for (int64_t i = 0; i < shape.length; i++)
        rotate_back(gq + i * wide, head.cosines + i * half, head.sines + i * half, half, shape.scale, gqkv + i * 3 * token);
}

template <typename Word>
int64_t scratch_for(const AttentionShape& shape, bool backward) {
    const Layout<Word> layout(shape);
    const int64_t apart = together<Word>, wide = layout.wide, deep = layout.deep, rows = deep * layout.stride,
                  columns_too = deep / apart * wide;
    const int64_t words = apart == 1 ? 0 : tile / apart * tile, begun = 24 * 16; // cache lines
    if (backward)
        return 6 * rows + (apart == 1 ? 0 : 3 * columns_too) + 2 * deep + deep * wide + 2 * tile * wide + 2 * tile * tile + 3 * words +
               begun;
    return rows + columns_too + 2 * tile * layout.stride + tile * tile + tile * wide + words + begun;
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

void attention_back(Element type, const AttentionShape& shape, const AttentionHead& head, const void* out, const float* norms,
    const void* gout, void* gqkv, float* scratch) {
    if (type == Element::Float32)
        attend_back<float>(
            shape, head, static_cast<const float*>(out), norms, static_cast<const float*>(gout), static_cast<float*>(gqkv), scratch);
    else
        attend_back<Pairs>(
            shape, head, static_cast<const bf16*>(out), norms, static_cast<const bf16*>(gout), static_cast<bf16*>(gqkv), scratch);
}

}  // namespace

}  // namespace bench::BT_SET
