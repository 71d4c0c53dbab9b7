// Attention with a KV cache.
#include <cmath>

#include "sums.h"

namespace bench {

namespace {

constexpr int64_t worth = 1 << 15;  // products that are worth a thread

}  // namespace

}  // namespace bench

using namespace bench;

const char* bench_attention_with_cache(const AttentionWithCacheCall* call) {
    const AttentionShape shape{call->length, call->heads, call->width, 1.0f / std::sqrt(static_cast<float>(call->width))};
    const int64_t all = call->kept + call->length;
    const Element type = element(call->type);
    const auto scratch_size = static_cast<size_t>(kernels().attention_with_cache_scratch(shape, call->kept));
    parallel_for(0, call->batch * shape.heads, std::max<int64_t>(1, worth / std::max<int64_t>(1, shape.length * all * shape.width)),
        [&](int64_t from, int64_t to) {
            const std::unique_ptr<float[]> scratch(new float[scratch_size]);
            for (int64_t i = from; i < to; i++) {
                const int64_t sequence = i / shape.heads, head = i % shape.heads,
                              kept =
                                  ((call->chosen ? call->chosen[sequence] : sequence) * shape.heads + head) * call->positions * shape.width;
                const auto* first =
                    static_cast<const char*>(call->qkv) + (sequence * shape.length * 3 * shape.heads + head) * shape.width * bytes(type);
                auto* result = static_cast<char*>(call->out) + (sequence * shape.length * shape.heads + head) * shape.width * bytes(type);
                kernels().attention_with_cache(type, shape, {first, call->cosines, call->sines, call->mask, nullptr},
                    {call->keys + kept, call->values + kept, call->kept, call->chosen == nullptr}, result, scratch.get());
            }
        });
    return nullptr;
}
