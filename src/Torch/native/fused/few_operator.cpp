// A linear layer of a few rows. Generation alone asks for it: no gradient.
#include <ATen/core/grad_mode.h>
#include <torch/library.h>

#include <memory>

#include "sums.h"

namespace bench {

namespace {

constexpr int64_t worth = 1 << 17; // products that are worth a thread

Tensor few(const Tensor& x, const Tensor& weight) {
    require(!at::GradMode::is_enabled() || !(x.requires_grad() || weight.requires_grad()), "a product of few rows has no gradient");
    require(weight.dim() == 2 && weight.size(1) > 0 && x.dim() > 0 && x.size(-1) == weight.size(1), "rows are [.., inner] and a weight is [outer, inner], with something inside");
    const int64_t inner = weight.size(1), outer = weight.size(0), rows = x.numel() / inner;
    const float *from_x = floats(x), *from_weight = floats(weight);
    auto sizes = x.sizes().vec();
    sizes.back() = outer;
    Tensor y = at::empty(sizes, x.options());
    const auto scratch_size = static_cast<size_t>(kernels().few_scratch(rows, inner));
    at::parallel_for(0, outer, std::max<int64_t>(grain, worth / std::max<int64_t>(1, rows * inner)), [&](int64_t from, int64_t to) {
        const std::unique_ptr<float[]> scratch(new float[scratch_size]);
        kernels().few(from_x, from_weight, y.data_ptr<float>(), rows, inner, outer, from, to, scratch.get());
    });
    return y;
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(bench, library) {
    library.def("few(Tensor x, Tensor weight) -> Tensor", few);
}

}  // namespace bench
