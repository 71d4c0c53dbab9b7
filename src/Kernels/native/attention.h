// Rotary attention of one head, query tile by query tile: scores never leave the cache, and of the forward pass only the logarithm of each
// query's norm is kept (Dao et al., arXiv 2205.14135). Products in float32, whatever type the numbers come in.
#pragma once

#include "kernels.h"
#include "vector.h"

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

BT_INLINE vec& at(float* p) { return *reinterpret_cast<vec*>(p); }
BT_INLINE const vec& at(const float* p) { return *reinterpret_cast<const vec*>(p); }

// C [R, N·lanes] (+)= A B, with the sums in registers. A is read element by element: any strides do.
template <int64_t R, int64_t N>
BT_INLINE void panel(const float* a, int64_t a_row, int64_t a_inner, const float* b, int64_t b_row, float* c, int64_t c_row, int64_t inner, bool adds) {
    vec sum[R][N];
    for (int64_t i = 0; i < R; i++)
        for (int64_t j = 0; j < N; j++) sum[i][j] = adds ? at(c + i * c_row + j * lanes) : vec{};
    for (int64_t k = 0; k < inner; k++) {
        vec right[N];
        for (int64_t j = 0; j < N; j++) right[j] = at(b + k * b_row + j * lanes);
        for (int64_t i = 0; i < R; i++) {
            const float left = a[i * a_row + k * a_inner];
            for (int64_t j = 0; j < N; j++) sum[i][j] += left * right[j];
        }
    }
    for (int64_t i = 0; i < R; i++)
        for (int64_t j = 0; j < N; j++) at(c + i * c_row + j * lanes) = sum[i][j];
}

template <int64_t N>
BT_INLINE void strip(int64_t rows, const float* a, int64_t a_row, int64_t a_inner, const float* b, int64_t b_row, float* c, int64_t c_row, int64_t inner, bool adds) {
    int64_t i = 0;
    for (; i + lines <= rows; i += lines) panel<lines, N>(a + i * a_row, a_row, a_inner, b, b_row, c + i * c_row, c_row, inner, adds);
    for (; i + 2 <= rows; i += 2) panel<2, N>(a + i * a_row, a_row, a_inner, b, b_row, c + i * c_row, c_row, inner, adds);
    for (; i < rows; i++) panel<1, N>(a + i * a_row, a_row, a_inner, b, b_row, c + i * c_row, c_row, inner, adds);
}

// C [rows, wide] (+)= A [rows, inner] B [inner, wide]; `wide` is a multiple of the lanes.
void product(int64_t rows, int64_t wide, int64_t inner, const float* a, int64_t a_row, int64_t a_inner, const float* b, int64_t b_row, float* c, int64_t c_row, bool adds) {
    int64_t j = 0;
    for (; j + columns * lanes <= wide; j += columns * lanes) strip<columns>(rows, a, a_row, a_inner, b + j, b_row, c + j, c_row, inner, adds);
    for (; j + lanes <= wide; j += lanes) strip<1>(rows, a, a_row, a_inner, b + j, b_row, c + j, c_row, inner, adds);
}

int64_t padded(int64_t count, int64_t to) { return (count + to - 1) / to * to; }

template <typename T>
BT_INLINE void rotate(const T* x, const float* cosine, const float* sine, int64_t half, float scale, float* to) {
#pragma omp simd
    for (int64_t d = 0; d < half; d++) {
        to[d] = (get(x, d) * cosine[d] - get(x, d + half) * sine[d]) * scale;
        to[d + half] = (get(x, d + half) * cosine[d] + get(x, d) * sine[d]) * scale;
    }
}

// Queries, keys and values of a head in float32, rotated, `wide` apart; padding is zero.
struct Unpacked {
    int64_t wide, deep;                 // padded width of a head, padded length
    float *q, *k, *v, *k_across, *v_across;  // [deep, wide]; across: [wide, deep]
};

template <typename T>
void unpack(const AttentionShape& shape, const AttentionHead& head, const Unpacked& to, bool backward) {
    const int64_t half = shape.width / 2, token = 3 * shape.heads * shape.width;
    const T* from = static_cast<const T*>(head.qkv);
    if (to.wide != shape.width || to.deep != shape.length) {
        __builtin_memset(to.q, 0, sizeof(float) * to.deep * to.wide);
        __builtin_memset(to.k, 0, sizeof(float) * to.deep * to.wide);
        __builtin_memset(to.v, 0, sizeof(float) * to.deep * to.wide);
    }
    for (int64_t i = 0; i < shape.length; i++) {
        const T* q = from + i * token;
        const T* k = q + shape.heads * shape.width;
        const T* v = k + shape.heads * shape.width;
        const float* cosine = head.cosines + i * half;
        const float* sine = head.sines + i * half;
        rotate(q, cosine, sine, half, shape.scale, to.q + i * to.wide);
        rotate(k, cosine, sine, half, 1, to.k + i * to.wide);
        float* value = to.v + i * to.wide;
#pragma omp simd
        for (int64_t d = 0; d < shape.width; d++) value[d] = get(v, d);
    }
    for (int64_t d = 0; d < to.wide; d++)
        for (int64_t i = 0; i < to.deep; i++) to.k_across[d * to.deep + i] = to.k[i * to.wide + d];
    if (backward)
        for (int64_t d = 0; d < to.wide; d++)
            for (int64_t i = 0; i < to.deep; i++) to.v_across[d * to.deep + i] = to.v[i * to.wide + d];
}

Unpacked carve(const AttentionShape& shape, float*& scratch, bool backward) {
    Unpacked made{padded(shape.width, lanes), padded(shape.length, tile), nullptr, nullptr, nullptr, nullptr, nullptr};
    const int64_t size = made.wide * made.deep;
    made.q = scratch;
    made.k = made.q + size;
    made.v = made.k + size;
    made.k_across = made.v + size;
    made.v_across = made.k_across + size;
    scratch += (backward ? 5 : 4) * size;
    return made;
}

BT_INLINE bool live(const AttentionHead& head, const Unpacked& all, int64_t query, int64_t key) { return !head.live || head.live[query / tile * (all.deep / tile) + key / tile]; }

// Scores of a tile of queries with all live keys, masked: [tile, deep].
void score(const AttentionShape& shape, const AttentionHead& head, const Unpacked& all, int64_t query, int64_t rows, float* scores) {
    for (int64_t key = 0; key < all.deep; key += tile) {
        if (!live(head, all, query, key)) continue;
        product(rows, tile, all.wide, all.q + query * all.wide, all.wide, 1, all.k_across + key, all.deep, scores + key, all.deep, false);
        const int64_t count = least(tile, shape.length - key);
        for (int64_t i = 0; i < rows; i++) {
            float* row = scores + i * all.deep + key;
            if (head.mask) {
                const float* mask = head.mask + (query + i) * shape.length + key;
#pragma omp simd
                for (int64_t j = 0; j < count; j++) row[j] += mask[j];
            }
            for (int64_t j = count; j < tile; j++) row[j] = -infinity;
        }
    }
}

template <typename T>
void attend(const AttentionShape& shape, const AttentionHead& head, T* out, float* norms, float* scratch) {
    const auto all = carve(shape, scratch, false);
    unpack<T>(shape, head, all, false);
    float *scores = scratch, *mixed = scratch + tile * all.deep;
    const int64_t token = shape.heads * shape.width;
    for (int64_t query = 0; query < shape.length; query += tile) {
        const int64_t rows = least(tile, shape.length - query);
        score(shape, head, all, query, rows, scores);
        float inverse[tile];
        for (int64_t i = 0; i < rows; i++) {
            float most = -infinity, sum = 0;
            for (int64_t key = 0; key < all.deep; key += tile) {
                if (!live(head, all, query, key)) continue;
                const float* row = scores + i * all.deep + key;
#pragma omp simd reduction(max : most)
                for (int64_t j = 0; j < tile; j++) most = row[j] > most ? row[j] : most;
            }
            for (int64_t key = 0; key < all.deep; key += tile) {
                if (!live(head, all, query, key)) continue;
                float* row = scores + i * all.deep + key;
#pragma omp simd reduction(+ : sum)
                for (int64_t j = 0; j < tile; j++) {
                    row[j] = exponential(row[j] - most);
                    sum += row[j];
                }
            }
            norms[query + i] = most + __builtin_logf(sum);
            inverse[i] = 1.0f / sum;
        }
        bool adds = false;
        for (int64_t key = 0; key < all.deep; key += tile) {
            if (!live(head, all, query, key)) continue;
            product(rows, all.wide, tile, scores + key, all.deep, 1, all.v + key * all.wide, all.wide, mixed, all.wide, adds);
            adds = true;
        }
        for (int64_t i = 0; i < rows; i++) {
            T* to = out + (query + i) * token;
            const float* from = mixed + i * all.wide;
#pragma omp simd
            for (int64_t d = 0; d < shape.width; d++) put(to, d, from[d] * inverse[i]);
        }
    }
}

template <typename T>
void attend_back(const AttentionShape& shape, const AttentionHead& head, const T* out, const float* norms, const T* gout, T* gqkv, float* scratch) {
    const auto all = carve(shape, scratch, true);
    unpack<T>(shape, head, all, true);
    const int64_t size = all.wide * all.deep, token = shape.heads * shape.width, half = shape.width / 2;
    float *gk = scratch, *gv = gk + size, *gq = gv + size, *given = gq + size, *weights = given + tile * all.wide, *slopes = weights + tile * all.deep;
    __builtin_memset(gk, 0, sizeof(float) * 2 * size);
    if (all.wide != shape.width) __builtin_memset(given, 0, sizeof(float) * tile * all.wide);
    for (int64_t query = 0; query < shape.length; query += tile) {
        const int64_t rows = least(tile, shape.length - query);
        score(shape, head, all, query, rows, weights);
        float dots[tile]; // of each query's result with its gradient
        for (int64_t i = 0; i < rows; i++) {
            const T* to = out + (query + i) * token;
            const T* of = gout + (query + i) * token;
            float* row = given + i * all.wide;
            float dot = 0;
#pragma omp simd reduction(+ : dot)
            for (int64_t d = 0; d < shape.width; d++) {
                row[d] = get(of, d);
                dot += row[d] * get(to, d);
            }
            dots[i] = dot;
        }
        bool adds = false;
        for (int64_t key = 0; key < all.deep; key += tile) {
            if (!live(head, all, query, key)) continue;
            float *weight = weights + key, *slope = slopes + key;
            product(rows, tile, all.wide, given, all.wide, 1, all.v_across + key, all.deep, slope, all.deep, false);
            for (int64_t i = 0; i < rows; i++) {
                const float norm = norms[query + i], dot = dots[i];
                float *p = weight + i * all.deep, *s = slope + i * all.deep;
#pragma omp simd
                for (int64_t j = 0; j < tile; j++) {
                    p[j] = exponential(p[j] - norm);
                    s[j] = p[j] * (s[j] - dot);
                }
            }
            product(tile, all.wide, rows, weight, 1, all.deep, given, all.wide, gv + key * all.wide, all.wide, true);
            product(tile, all.wide, rows, slope, 1, all.deep, all.q + query * all.wide, all.wide, gk + key * all.wide, all.wide, true);
            product(rows, all.wide, tile, slope, all.deep, 1, all.k + key * all.wide, all.wide, gq + query * all.wide, all.wide, adds);
            adds = true;
        }
    }
    // Back through the rotation, which is orthogonal.
    for (int64_t i = 0; i < shape.length; i++) {
        T* q = gqkv + i * 3 * token;
        T* k = q + token;
        T* v = k + token;
        const float* cosine = head.cosines + i * half;
        const float* sine = head.sines + i * half;
        const float *from_q = gq + i * all.wide, *from_k = gk + i * all.wide, *from_v = gv + i * all.wide;
#pragma omp simd
        for (int64_t d = 0; d < half; d++) {
            put(q, d, (from_q[d] * cosine[d] + from_q[d + half] * sine[d]) * shape.scale);
            put(q, d + half, (from_q[d + half] * cosine[d] - from_q[d] * sine[d]) * shape.scale);
        }
#pragma omp simd
        for (int64_t d = 0; d < half; d++) {
            put(k, d, from_k[d] * cosine[d] + from_k[d + half] * sine[d]);
            put(k, d + half, from_k[d + half] * cosine[d] - from_k[d] * sine[d]);
        }
#pragma omp simd
        for (int64_t d = 0; d < shape.width; d++) put(v, d, from_v[d]);
    }
}

int64_t attention_scratch(const AttentionShape& shape, bool backward) {
    const int64_t wide = padded(shape.width, lanes), deep = padded(shape.length, tile);
    return wide * deep * (backward ? 8 : 4) + tile * wide + tile * deep * (backward ? 2 : 1);
}

void attention(Element type, const AttentionShape& shape, const AttentionHead& head, void* out, float* norms, float* scratch) {
    if (type == Element::Float32)
        attend<float>(shape, head, static_cast<float*>(out), norms, scratch);
    else
        attend<bf16>(shape, head, static_cast<bf16*>(out), norms, scratch);
}

void attention_back(Element type, const AttentionShape& shape, const AttentionHead& head, const void* out, const float* norms, const void* gout, void* gqkv, float* scratch) {
    if (type == Element::Float32)
        attend_back<float>(shape, head, static_cast<const float*>(out), norms, static_cast<const float*>(gout), static_cast<float*>(gqkv), scratch);
    else
        attend_back<bf16>(shape, head, static_cast<const bf16*>(out), norms, static_cast<const bf16*>(gout), static_cast<bf16*>(gqkv), scratch);
}

}  // namespace

}  // namespace bench::BT_SET
