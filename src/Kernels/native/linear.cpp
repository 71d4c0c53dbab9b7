// A linear layer.
#include "sums.h"

namespace bench {

namespace {

constexpr int64_t worth = 1 << 17;    // products that are worth a thread
constexpr int64_t rows_a_unit = 512;  // rows for which a panel of weights is turned once more, where that occupies another thread

}  // namespace

}  // namespace bench

using namespace bench;

const char* bench_linear(
    const float* x, const float* weight, const float* bias, float* y, int64_t rows, int64_t inner, int64_t outer) {
    return guarded([&]() -> const char* {
        if (rows == 1) {
            parallel_for(0, outer, std::max<int64_t>(grain, worth / inner), [&](int64_t from, int64_t to) {
                kernels().linear_of_row(x, weight, bias, y, inner, from, to);
            });
            return nullptr;
        }
        // A unit of work is some rows and a panel of outputs, whatever the threads.
        const int64_t wide = kernels().linear_outputs(), panels = (outer + wide - 1) / wide;
        const int64_t parts = std::max<int64_t>(1, (rows + rows_a_unit - 1) / rows_a_unit);
        const int64_t each = (rows + parts - 1) / parts;
        const int64_t units = std::max<int64_t>(1, worth / std::max<int64_t>(1, each * inner * wide)); // that are worth a thread
        parallel_for(0, panels * parts, units, [&](int64_t begin, int64_t end) {
            const std::unique_ptr<float[]> scratch(new float[static_cast<size_t>(kernels().linear_scratch(inner))]);
            for (int64_t unit = begin; unit < end; unit++) {
                const int64_t from = unit / parts * wide, to = std::min(outer, from + wide);
                const int64_t row = unit % parts * each, last = std::min(rows, row + each);
                if (unit == begin || unit % parts == 0) kernels().linear_panel(weight, inner, from, to, scratch.get());
                kernels().linear(x + row * inner, scratch.get(), bias, y + row * outer, last - row, inner, outer, from, to,
                    scratch.get() + inner * wide);
            }
        });
        return nullptr;
    });
}
