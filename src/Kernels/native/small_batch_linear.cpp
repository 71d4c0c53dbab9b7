// A linear layer of a few rows.
#include "sums.h"

namespace bench {

namespace {

constexpr int64_t worth = 1 << 17;  // products that are worth a thread

}  // namespace

}  // namespace bench

using namespace bench;

const char* bench_small_batch_linear(
    const float* x, const float* weight, const float* bias, float* y, int64_t rows, int64_t inner, int64_t outer) {
    const auto scratch_size = static_cast<size_t>(kernels().small_batch_linear_scratch(rows, inner));
    parallel_for(0, outer, std::max<int64_t>(grain, worth / std::max<int64_t>(1, rows * inner)), [&](int64_t from, int64_t to) {
        const std::unique_ptr<float[]> scratch(new float[scratch_size]);
        kernels().small_batch_linear(x, weight, y, rows, inner, outer, from, to, scratch.get());
        for (int64_t i = 0; bias && i < rows; i++)
            for (int64_t j = from; j < to; j++) y[i * outer + j] += bias[j];
    });
    return nullptr;
}
