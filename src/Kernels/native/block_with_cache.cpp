// A block of a few rows in one call: with one token each of a small batch, calls of its parts one by one would cost more than the work.
#include "sums.h"

using namespace bench;

const char* bench_block_with_cache(const BlockWithCacheCall* call) {
    return guarded([&]() -> const char* {
        auto norm1 = call->norm1, norm2 = call->norm2;
        auto attention = call->attention;
        const int64_t rows = norm1.tokens, width = norm1.width, hidden = call->hidden;
        std::vector<float> scratch(static_cast<size_t>(rows * (7 * width + 2 * hidden)));
        float *normal = scratch.data(), *stream = normal + rows * width, *projected = stream + rows * width,
              *mixed = projected + 3 * rows * width, *out = mixed + rows * width, *wide = out + rows * width,
              *active = wide + rows * hidden;
        norm1.y = normal;
        norm1.stream = stream;
        bench_normalise(&norm1);
        bench_linear(normal, call->qkv, nullptr, projected, rows, width, 3 * width);
        attention.qkv = projected;
        attention.out = mixed;
        bench_attention_with_cache(&attention);
        bench_linear(mixed, call->attention_out, nullptr, out, rows, width, width);
        norm2.x = norm1.branch ? stream : norm1.x;
        norm2.branch = out;
        norm2.y = normal;
        bench_normalise(&norm2);
        bench_linear(normal, call->up, nullptr, wide, rows, width, hidden);
        const GeluCall gelu{0, 0, rows, hidden, wide, call->up_bias, active, nullptr, nullptr, nullptr};
        bench_gelu(&gelu);
        bench_linear(active, call->down, nullptr, call->output, rows, hidden, width);
        return nullptr;
    });
}
