// AdamW (Loshchilov & Hutter, arXiv 1711.05101: decoupled weight decay) and the moving average of the weights in one pass:
// five streams of memory instead of about fifteen.
#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>

#include <cmath>

#include "bench_torch.h"

#if defined(__x86_64__)
#define BT_CLONES __attribute__((target_clones("avx512f", "avx2,fma", "default")))
#else
#define BT_CLONES
#endif

namespace {

// A fixed length, so that the order of additions, and with it every bit of the sum, does not depend on the threads.
constexpr int64_t chunk = 16384;

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

BT_CLONES void update(const Step& s, int64_t count, float* __restrict weight, const float* __restrict gradient, float* __restrict first, float* __restrict second, float* __restrict average) {
    const float rate = s.learning_rate / s.correction1;
    const float root = 1.0f / std::sqrt(s.correction2);
    const float keep = 1.0f - s.learning_rate * s.decay;
    for (int64_t i = 0; i < count; i++) {
        const float g = gradient[i] * s.scale;
        const float m = s.beta1 * first[i] + (1.0f - s.beta1) * g;
        const float v = s.beta2 * second[i] + (1.0f - s.beta2) * g * g;
        const float w = weight[i] * keep - rate * m / (std::sqrt(v) * root + s.epsilon);
        first[i] = m;
        second[i] = v;
        weight[i] = w;
        average[i] += (1.0f - s.ema) * (w - average[i]);
    }
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
        double sum = 0;
        for (int64_t start = 0; start < count; start += chunk) sum += squared(values + start, std::min(chunk, count - start));
        *result = sum;
    });
}

BT_EXPORT int bt_adamw(c10::TensorImpl* weight, c10::TensorImpl* gradient, c10::TensorImpl* first, c10::TensorImpl* second, c10::TensorImpl* average, const float* settings) {
    return bench::guarded([&] {
        const int64_t count = weight->numel();
        float* w = floats(weight, count, "the weight");
        const float* g = floats(gradient, count, "the gradient");
        float* m = floats(first, count, "the first moment");
        float* v = floats(second, count, "the second moment");
        float* a = floats(average, count, "the moving average");
        const Step step{settings[0], settings[1], settings[2], settings[3], settings[4], settings[5], settings[6], settings[7], settings[8]};
        at::parallel_for(0, count, chunk, [&](int64_t start, int64_t end) { update(step, end - start, w + start, g + start, m + start, v + start, a + start); });
    });
}
