// Rotary attention of a few tokens of one head behind cached keys and values. Queries lie across: what is done for a key is
// done for all of them at once, and keys are read as they are cached.
#pragma once

#include "attention.h"

namespace bench::BT_SET {

namespace {

int64_t attention_with_cache_scratch(const AttentionShape& shape, int64_t kept) {
    const int64_t wide = padded(shape.width, lanes), rows = padded(least(tile, shape.length), lanes);
    return 2 * shape.length * wide + (wide == shape.width ? 0 : kept * wide) + rows * (2 * wide + kept + shape.length) + wide;
}

template <typename T>
void attend_with_cache(const AttentionShape& shape, const AttentionHead& head, const LayerCache& kept, T* out, float* scratch) {
    const int64_t half = shape.width / 2, token = shape.heads * shape.width, wide = padded(shape.width, lanes),
                  all = kept.count + shape.length;
    const T* from = static_cast<const T*>(head.qkv);
    float *k = scratch, *v = k + shape.length * wide, *one = v + shape.length * wide, *rest = one + wide;
    for (int64_t i = 0; i < shape.length; i++) {
        const T* key = from + i * 3 * token + token;
        const T* value = key + token;
        rotate(key, head.cosines + i * half, head.sines + i * half, half, 1, k + i * wide);
        for (int64_t d = 0; d < wide; d++) v[i * wide + d] = d < shape.width ? get(value, d) : 0;
        if (!kept.extends) continue;
        __builtin_memcpy(kept.keys + (kept.count + i) * shape.width, k + i * wide, sizeof(float) * shape.width);
        __builtin_memcpy(kept.values + (kept.count + i) * shape.width, v + i * wide, sizeof(float) * shape.width);
    }

    const float* before = kept.values; // [count, wide]
    if (wide != shape.width) {
        for (int64_t i = 0; i < kept.count; i++)
            for (int64_t d = 0; d < wide; d++) rest[i * wide + d] = d < shape.width ? kept.values[i * shape.width + d] : 0;
        before = rest;
        rest += kept.count * wide;
    }

    const int64_t most_rows = padded(least(tile, shape.length), lanes);
    float *q = rest, *mixed = q + wide * most_rows, *scores = mixed + wide * most_rows;
    for (int64_t query = 0; query < shape.length; query += tile) {
        const int64_t rows = least(tile, shape.length - query), across = padded(rows, lanes);
        __builtin_memset(q, 0, sizeof(float) * wide * across);
        for (int64_t i = 0; i < rows; i++) {
            rotate(from + (query + i) * 3 * token, head.cosines + (query + i) * half, head.sines + (query + i) * half, half,
                shape.scale * log2_e, one);
            for (int64_t d = 0; d < shape.width; d++) q[d * across + i] = one[d];
        }
        product(kept.count, across, shape.width, kept.keys, shape.width, 1, q, across, scores, across, false); // [all, across]
        product(shape.length, across, shape.width, k, wide, 1, q, across, scores + kept.count * across, across, false);
        if (head.mask)
            for (int64_t i = 0; i < rows; i++)
                for (int64_t j = 0; j < all; j++) scores[j * across + i] += head.mask[(query + i) * all + j];
        float most[tile], sum[tile];
        for (int64_t i = 0; i < across; i++) most[i] = -infinity, sum[i] = 0;
        for (int64_t j = 0; j < all; j++) {
            const float* row = scores + j * across;
            for (int64_t i = 0; i < across; i += lanes) at(most + i) = larger(at(row + i), at(most + i));
        }
        for (int64_t j = 0; j < all; j++) {
            float* row = scores + j * across;
            for (int64_t i = 0; i < across; i += lanes) {
                const vec p = power<float>(at(row + i) - at(most + i));
                at(row + i) = p;
                at(sum + i) += p;
            }
        }
        product(rows, wide, kept.count, scores, 1, across, before, wide, mixed, wide, false);
        product(rows, wide, shape.length, scores + kept.count * across, 1, across, v, wide, mixed, wide, true);
        for (int64_t i = 0; i < rows; i++) {
            T* to = out + (query + i) * token;
            const float inverse = 1.0f / sum[i];
#pragma omp simd
            for (int64_t d = 0; d < shape.width; d++) put(to, d, mixed[i * wide + d] * inverse);
        }
    }
}

void attention_with_cache(
    Element type, const AttentionShape& shape, const AttentionHead& head, const LayerCache& kept, void* out, float* scratch) {
    if (type == Element::Float32)
        attend_with_cache<float>(shape, head, kept, static_cast<float*>(out), scratch);
    else
        attend_with_cache<bf16>(shape, head, kept, static_cast<bf16*>(out), scratch);
}

}  // namespace

}  // namespace bench::BT_SET
