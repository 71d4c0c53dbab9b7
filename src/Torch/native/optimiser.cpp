// AdamW (Loshchilov & Hutter, arXiv 1711.05101: decoupled weight decay) and the moving average of the weights in one pass:
// five streams of memory instead of about fifteen.
#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>

#include <cmath>
#include <numeric>
#include <vector>

#include "bench_torch.h"

// This file is compiled without contraction to fused multiply-adds (see CMakeLists.txt), so every clone gives the same bits.
#if defined(__x86_64__)
#define BT_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define BT_CLONES
#endif

namespace {

// Work is cut into pieces of this length whatever the threads, so that the order of additions does not depend on them.
constexpr int64_t piece = 16384;

template <typename Body>
void by_pieces(int64_t count, const Body& body) {
    at::parallel_for(0, (count + piece - 1) / piece, 1, [&](int64_t from, int64_t to) {
        for (int64_t i = from; i < to; i++) body(i, i * piece, std::min(piece, count - i * piece));
    });
}

BT_CLONES double squared(const float* values, int64_t count) {
    double lanes[8] = {};
    int64_t i = 0;
    for (; i + 8 <= count; i += 8)
        for (int lane = 0; lane < 8; lane++) lanes[lane] += static_cast<double>(values[i + lane]) * values[i + lane];
    for (; i < count; i++) lanes[0] += static_cast<double>(values[i]) * values[i];
    return ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
}

struct Step {
    float scale, learning_rate, decay, beta1, beta2, epsilon, correction1, correction2, ema;
};

// Works on the weight and the moments; the average follows in a loop of its own, which finds the weights in the cache.
BT_CLONES void update(const Step& s, int64_t count, float* __restrict weight, const float* __restrict gradient, float* __restrict first, float* __restrict second) {
    const float rate = s.learning_rate / s.correction1;
    const float root = 1.0f / std::sqrt(s.correction2);
    const float keep = 1.0f - s.learning_rate * s.decay;
    for (int64_t i = 0; i < count; i++) {
        const float g = gradient[i] * s.scale;
        const float m = s.beta1 * first[i] + (1.0f - s.beta1) * g;
        const float v = s.beta2 * second[i] + (1.0f - s.beta2) * g * g;
        first[i] = m;
        second[i] = v;
        weight[i] = weight[i] * keep - rate * m / (std::sqrt(v) * root + s.epsilon);
    }
}

BT_CLONES void follow(float ema, int64_t count, float* __restrict average, const float* __restrict weight) {
    for (int64_t i = 0; i < count; i++) average[i] += (1.0f - ema) * (weight[i] - average[i]);
}

float* floats(c10::TensorImpl* impl, int64_t count, const char* what) {
    auto tensor = bench::borrow(impl);
    if (tensor.scalar_type() != c10::kFloat || !tensor.is_contiguous() || !tensor.device().is_cpu() || tensor.numel() != count)
        throw std::invalid_argument(std::string(what) + " must be a contiguous float32 tensor on the CPU, of its weight's size");
    return tensor.data_ptr<float>();
}

}  // namespace

BT_EXPORT int bt_squared_norm(c10::TensorImpl* impl, double* result) {
    return bench::guarded([&] {
        const int64_t count = impl->numel();
        const float* values = floats(impl, count, "the gradient");
        std::vector<double> sums(static_cast<size_t>((count + piece - 1) / piece));
        by_pieces(count, [&](int64_t i, int64_t start, int64_t length) { sums[static_cast<size_t>(i)] = squared(values + start, length); });
        *result = std::accumulate(sums.begin(), sums.end(), 0.0);
    });
}

// `average` may be null: then no moving average is kept.
BT_EXPORT int bt_adamw(c10::TensorImpl* weight, c10::TensorImpl* gradient, c10::TensorImpl* first, c10::TensorImpl* second, c10::TensorImpl* average, const float* settings) {
    return bench::guarded([&] {
        const int64_t count = weight->numel();
        float* w = floats(weight, count, "the weight");
        const float* g = floats(gradient, count, "the gradient");
        float* m = floats(first, count, "the first moment");
        float* v = floats(second, count, "the second moment");
        float* a = average ? floats(average, count, "the moving average") : nullptr;
        const Step step{settings[0], settings[1], settings[2], settings[3], settings[4], settings[5], settings[6], settings[7], settings[8]};
        by_pieces(count, [&](int64_t, int64_t start, int64_t length) {
            update(step, length, w + start, g + start, m + start, v + start);
            if (a) follow(step.ema, length, a + start, w + start);
        });
    });
}
