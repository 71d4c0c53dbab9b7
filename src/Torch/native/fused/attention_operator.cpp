// Attention with its gradient.
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include <cmath>
#include <memory>
#include <vector>

#include "sums.h"

namespace bench {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// Which tiles of keys anybody in a tile of queries sees, and which all see entirely: [masks, tiles, tiles].
std::vector<uint8_t> live_tiles(const Tensor& mask, int64_t length) {
    const int64_t tiles = (length + tile - 1) / tile, masks = mask.size(0);
    std::vector<uint8_t> live(static_cast<size_t>(masks * tiles * tiles));
    const float* values = floats(mask);
    at::parallel_for(0, masks * tiles, 1, [&](int64_t from, int64_t to) {
        for (int64_t at = from; at < to; at++) {
            const int64_t query = at % tiles * tile, last = std::min(length, query + tile);
            for (int64_t key = 0; key < length; key += tile) {
                const int64_t count = std::min(tile, length - key);
                int32_t open = 0;
                for (int64_t i = query; i < last; i++) {
                    const float* row = values + (at / tiles * length + i) * length + key;
                    for (int64_t j = 0; j < count; j++) open += row[j] == 0;
                }
                live[static_cast<size_t>(at * tiles + key / tile)] = open == 0 ? 0 : open == (last - query) * count ? 2 : 1;
            }
        }
    });
    return live;
}

// Rotary attention within [B, L, 3 · heads · width], under a mask of 0 and -inf.
struct Attention : torch::autograd::Function<Attention> {
    struct Call {
        AttentionShape shape;
        int64_t rows;
        const Tensor &cosines, &sines, &mask;
        std::vector<uint8_t> live;

        Call(const Tensor& qkv, const Tensor& cosines, const Tensor& sines, const Tensor& mask, int64_t heads) : cosines(cosines), sines(sines), mask(mask) {
            require(qkv.dim() == 3 && heads > 0 && qkv.size(2) % (6 * heads) == 0, "queries, keys and values are [batch, length, 3 · heads · width] with an even width");
            rows = qkv.size(0);
            shape = {qkv.size(1), heads, qkv.size(2) / (3 * heads), 0};
            shape.scale = 1.0f / std::sqrt(static_cast<float>(shape.width));
            const int64_t table = shape.length * shape.width / 2;
            require(table > 0 && cosines.numel() % table == 0 && sines.numel() == cosines.numel() && (cosines.numel() == table || cosines.numel() == rows * table), "angles are [1 or batch, length, width / 2]");
            if (!mask.defined()) return;
            require(mask.numel() == shape.length * shape.length * mask.size(0) && (mask.size(0) == 1 || mask.size(0) == rows), "a mask is [1 or batch, length, length]");
            live = live_tiles(mask, shape.length);
        }

        AttentionHead head(const Tensor& qkv, int64_t row, int64_t number) const {
            const int64_t table = shape.length * shape.width / 2, tiles = (shape.length + tile - 1) / tile;
            const int64_t angles = cosines.numel() == table ? 0 : row * table, masked = mask.defined() && mask.size(0) > 1 ? row : 0;
            return {static_cast<const char*>(qkv.data_ptr()) + (row * shape.length * 3 * shape.heads + number) * shape.width * qkv.element_size(), floats(cosines) + angles, floats(sines) + angles,
                    mask.defined() ? floats(mask) + masked * shape.length * shape.length : nullptr, mask.defined() ? live.data() + masked * tiles * tiles : nullptr};
        }

        template <typename Body>
        void each_head(bool backward, const Body& body) const {
            const auto size = static_cast<size_t>(kernels().attention_scratch(shape, backward));
            at::parallel_for(0, rows * shape.heads, 1, [&](int64_t from, int64_t to) {
                const std::unique_ptr<float[]> scratch(new float[size]);
                for (int64_t i = from; i < to; i++) body(i / shape.heads, i % shape.heads, scratch.get());
            });
        }
    };

    static Tensor forward(AutogradContext* context, const Tensor& qkv, const Tensor& cosines, const Tensor& sines, const optional<Tensor>& mask, int64_t heads) {
        const Tensor masked = given(mask);
        const Call call(qkv, cosines, sines, masked, heads);
        const auto& shape = call.shape;
        Tensor out = at::empty({call.rows, shape.length, shape.heads * shape.width}, qkv.options());
        Tensor norms = at::empty({call.rows, shape.heads, shape.length}, qkv.options().dtype(at::kFloat));
        const Element kind = element(qkv);
        call.each_head(false, [&](int64_t row, int64_t head, float* scratch) {
            kernels().attention(kind, shape, call.head(qkv, row, head), static_cast<char*>(out.data_ptr()) + (row * shape.length * shape.heads + head) * shape.width * out.element_size(),
                                norms.data_ptr<float>() + (row * shape.heads + head) * shape.length, scratch);
        });
        context->save_for_backward({qkv, cosines, sines, masked, out, norms});
        context->saved_data["heads"] = heads;
        return out;
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients) {
        require_first_derivative();
        const auto saved = context->get_saved_variables();
        const Tensor &qkv = saved[0], &out = saved[4], &norms = saved[5], gout = gradients[0].contiguous();
        const Call call(qkv, saved[1], saved[2], saved[3], context->saved_data["heads"].toInt());
        const auto& shape = call.shape;
        Tensor gqkv = at::empty_like(qkv);
        const Element kind = element(gout);
        call.each_head(true, [&](int64_t row, int64_t head, float* scratch) {
            const int64_t place = (row * shape.length * shape.heads + head) * shape.width * out.element_size(), triple = (row * shape.length * 3 * shape.heads + head) * shape.width * out.element_size();
            kernels().attention_back(kind, shape, call.head(qkv, row, head), static_cast<const char*>(out.data_ptr()) + place, norms.data_ptr<float>() + (row * shape.heads + head) * shape.length,
                                     static_cast<const char*>(gout.data_ptr()) + place, static_cast<char*>(gqkv.data_ptr()) + triple, scratch);
        });
        return {gqkv, Tensor(), Tensor(), Tensor(), Tensor()};
    }
};

}  // namespace

TORCH_LIBRARY_FRAGMENT(bench, library) {
    library.def("attention(Tensor qkv, Tensor cosines, Tensor sines, Tensor? mask, int heads) -> Tensor",
                [](const Tensor& qkv, const Tensor& cosines, const Tensor& sines, const optional<Tensor>& mask, int64_t heads) { return Attention::apply(qkv, cosines, sines, mask, heads); });
}

}  // namespace bench
