// Attention behind columns whose keys and values are kept. Generation alone asks for it: no gradient.
#include <ATen/core/grad_mode.h>
#include <torch/library.h>

#include <cmath>
#include <memory>

#include "sums.h"

namespace bench {

namespace {

constexpr int64_t worth = 1 << 15; // products that are worth a thread

Tensor attention_behind(const Tensor& qkv, const Tensor& cosines, const Tensor& sines, const optional<Tensor>& mask, int64_t heads, const Tensor& keys, const Tensor& values, int64_t kept,
                        const optional<Tensor>& chosen) {
    require(!at::GradMode::is_enabled() || !qkv.requires_grad(), "attention behind kept columns has no gradient");
    require(qkv.dim() == 3 && heads > 0 && qkv.size(2) % (6 * heads) == 0, "queries, keys and values are [batch, length, 3 · heads · width] with an even width");
    const int64_t rows = qkv.size(0);
    AttentionShape shape{qkv.size(1), heads, qkv.size(2) / (3 * heads), 0};
    shape.scale = 1.0f / std::sqrt(static_cast<float>(shape.width));
    const int64_t all = kept + shape.length;
    require(cosines.numel() == shape.length * shape.width / 2 && sines.numel() == cosines.numel(), "angles are [1, length, width / 2]");
    require(keys.dim() == 4 && keys.size(1) == heads && keys.size(3) == shape.width && keys.sizes() == values.sizes(), "kept keys and values are [batch, heads, columns, width]");
    const Tensor masked = given(mask), numbers = given(chosen);
    require(kept >= 0 && all <= keys.size(2), "kept keys and values have no room for so many columns");
    require(!masked.defined() || masked.numel() == shape.length * all, "a mask is [length, kept + length]");
    require(numbers.defined() ? numbers.numel() == rows : keys.size(0) == rows, "each sequence needs its kept columns");
    const Element kind = element(qkv);
    const float *cosine = floats(cosines), *sine = floats(sines), *closed = floats(masked);
    float *key = floats(keys), *value = floats(values);
    const int64_t* row = integers(numbers);
    for (int64_t i = 0; row && i < rows; i++) require(row[i] >= 0 && row[i] < keys.size(0), "a sequence's kept columns are not there");
    Tensor out = at::empty({rows, shape.length, heads * shape.width}, qkv.options());
    const auto scratch_size = static_cast<size_t>(kernels().attention_behind_scratch(shape, kept));
    at::parallel_for(0, rows * heads, std::max<int64_t>(1, worth / std::max<int64_t>(1, shape.length * all * shape.width)), [&](int64_t from, int64_t to) {
        const std::unique_ptr<float[]> scratch(new float[scratch_size]);
        for (int64_t i = from; i < to; i++) {
            const int64_t sequence = i / heads, head = i % heads, place = ((row ? row[sequence] : sequence) * heads + head) * keys.size(2) * shape.width;
            const auto* first = static_cast<const char*>(qkv.data_ptr()) + (sequence * shape.length * 3 * heads + head) * shape.width * qkv.element_size();
            auto* result = static_cast<char*>(out.data_ptr()) + (sequence * shape.length * heads + head) * shape.width * out.element_size();
            kernels().attention_behind(kind, shape, {first, cosine, sine, closed, nullptr}, {key + place, value + place, kept, row == nullptr}, result, scratch.get());
        }
    });
    return out;
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(bench, library) {
    library.def("attention_behind(Tensor qkv, Tensor cosines, Tensor sines, Tensor? mask, int heads, Tensor keys, Tensor values, int kept, Tensor? rows) -> Tensor", attention_behind);
}

}  // namespace bench
