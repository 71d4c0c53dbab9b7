// AdamW and the moving average of the weights in one pass over memory: five streams instead of about fifteen.
#include <cmath>
#include <numeric>

#include "sums.h"

// This file is compiled without contraction to fused multiply-adds (see CMakeLists.txt), so every clone gives the same bits.
#if defined(__x86_64__)
#define BENCH_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define BENCH_CLONES
#endif

namespace {

// Work is cut into pieces of this length whatever the threads, so that the order of additions does not depend on them.
constexpr int64_t piece = 16384;

struct Piece {
    int64_t parameter, start, length;
};

std::vector<Piece> cut(int64_t parameters, const int64_t* sizes) {
    std::vector<Piece> pieces;
    for (int64_t i = 0; i < parameters; i++)
        for (int64_t start = 0; start < sizes[i]; start += piece) pieces.push_back({i, start, std::min(piece, sizes[i] - start)});
    return pieces;
}

BENCH_CLONES double squared(const float* values, int64_t count) {
    double lanes[8] = {};
    int64_t i = 0;
    for (; i + 8 <= count; i += 8)
        for (int lane = 0; lane < 8; lane++) lanes[lane] += static_cast<double>(values[i + lane]) * values[i + lane];
    for (; i < count; i++) lanes[0] += static_cast<double>(values[i]) * values[i];
    return ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
}

// Works on the weight and the moments; the average follows in a loop of its own, which finds the weights in the cache.
BENCH_CLONES void update(const bench::AdamWCall& s, float decay, int64_t count, float* __restrict weight, const float* __restrict gradient,
    float* __restrict first, float* __restrict second) {
    const float rate = s.learning_rate / s.correction1;
    const float root = 1.0f / std::sqrt(s.correction2);
    const float keep = 1.0f - s.learning_rate * decay;
    for (int64_t i = 0; i < count; i++) {
        const float g = gradient[i] * s.scale;
        const float m = s.beta1 * first[i] + (1.0f - s.beta1) * g;
        const float v = s.beta2 * second[i] + (1.0f - s.beta2) * g * g;
        first[i] = m;
        second[i] = v;
        weight[i] = weight[i] * keep - rate * m / (std::sqrt(v) * root + s.epsilon);
    }
}

BENCH_CLONES void follow(float ema, int64_t count, float* __restrict average, const float* __restrict weight) {
    for (int64_t i = 0; i < count; i++) average[i] += (1.0f - ema) * (weight[i] - average[i]);
}

}  // namespace

const char* bench_squared_norm(int64_t parameters, const int64_t* sizes, const float* const* gradients, double* result) {
    return bench::guarded([&]() -> const char* {
        const auto pieces = cut(parameters, sizes);
        std::vector<double> sums(pieces.size());
        bench::parallel_for(0, static_cast<int64_t>(pieces.size()), 1, [&](int64_t from, int64_t to) {
            for (auto i = static_cast<size_t>(from); i < static_cast<size_t>(to); i++)
                sums[i] = squared(gradients[pieces[i].parameter] + pieces[i].start, pieces[i].length);
        });
        *result = std::accumulate(sums.begin(), sums.end(), 0.0);
        return nullptr;
    });
}

const char* bench_adamw(const bench::AdamWCall* call) {
    return bench::guarded([&]() -> const char* {
        const auto pieces = cut(call->parameters, call->sizes);
        bench::parallel_for(0, static_cast<int64_t>(pieces.size()), 1, [&](int64_t from, int64_t to) {
            for (auto i = static_cast<size_t>(from); i < static_cast<size_t>(to); i++) {
                const auto [p, start, length] = pieces[i];
                update(*call, call->decays[p], length, call->weights[p] + start, call->gradients[p] + start, call->firsts[p] + start,
                    call->seconds[p] + start);
                follow(call->ema, length, call->averages[p] + start, call->weights[p] + start);
            }
        });
        return nullptr;
    });
}
