// Tensors as the kernels take them, and sums over all tokens. Work is cut into the same pieces whatever the threads, so that no sum depends on their number.
#pragma once

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/version.h>

#include <algorithm>
#include <optional>
#include <stdexcept>

#include "kernels.h"

namespace bench {

using at::Tensor;

// libtorch had an optional of its own before C++17 was all it was built with.
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 5)
using std::optional;
#else
using c10::optional;
#endif

constexpr int64_t grain = 64;           // rows that are worth a thread
constexpr int64_t pieces = 32;          // of a sum over all rows
constexpr int64_t most_sums = 1 << 22;  // numbers that sums of pieces may take

inline void require(bool holds, const char* what) {
    if (!holds) throw std::invalid_argument(what);
}

inline Element element(const Tensor& tensor) {
    require(tensor.device().is_cpu() && tensor.is_contiguous(), "a fused operator works on contiguous tensors on the CPU");
    if (tensor.scalar_type() == at::kFloat) return Element::Float32;
    require(tensor.scalar_type() == at::kBFloat16, "a fused operator works in float32 or bfloat16");
    return Element::BFloat16;
}

inline float* floats(const Tensor& tensor) {
    if (!tensor.defined()) return nullptr;
    require(element(tensor) == Element::Float32, "residual stream, modulation, biases and tables of a fused operator are float32");
    return tensor.data_ptr<float>();
}

inline const int64_t* integers(const Tensor& tensor) {
    if (!tensor.defined()) return nullptr;
    require(tensor.device().is_cpu() && tensor.is_contiguous() && tensor.scalar_type() == at::kLong, "an index of a fused operator is contiguous, int64 and on the CPU");
    return tensor.data_ptr<int64_t>();
}

inline Tensor given(const optional<Tensor>& tensor) { return tensor ? *tensor : Tensor(); }

// Parts of the rows of a table [rows, parts·width]; every token has a row by its index, or every so many tokens share one.
inline Modulation modulation(const Tensor& table, const Tensor& index, int64_t tokens, int64_t width, int64_t first, int64_t second) {
    if (!table.defined()) return {nullptr, nullptr, 1, 0, 0, 0};
    require(table.dim() == 2 && table.size(0) > 0, "the modulation is a table of rows");
    const int64_t rows = table.size(0), stride = table.size(1);
    require(index.defined() ? index.numel() == tokens : tokens % rows == 0, "each token needs a row of the modulation");
    require(first >= 0 && second >= 0 && (first + 1) * width <= stride && (second + 1) * width <= stride, "the modulation has no such part");
    return {floats(table), integers(index), std::max<int64_t>(1, tokens / rows), stride, first * width, second * width};
}

// Sums over all tokens: of a vector, and of up to two parts of the modulation's rows.
class Sums {
   public:
    Sums(int64_t tokens, int64_t vector, const Modulation& m, int64_t rows, int64_t width) : tokens(tokens) {
        // Pieces that consist of whole rows share none of them.
        const bool whole = m.table && !m.index && rows >= pieces / 2;
        count = m.table && !whole ? std::max<int64_t>(1, std::min(pieces, most_sums / (rows * 2 * width))) : pieces;
        each = whole ? (rows + count - 1) / count * m.length : (tokens + count - 1) / count;
        shared = whole;
        vectors = at::zeros({count, vector});
        if (m.table) tables = at::zeros({shared ? 1 : count, rows, 2, width});
    }

    // The body gets a place for the vector's sum, one for the rows' sums, and which tokens to add.
    template <typename Body>
    void each_piece(const Body& body) {
        at::parallel_for(0, count, 1, [&](int64_t from, int64_t to) {
            for (int64_t i = from; i < to; i++)
                body(vectors.data_ptr<float>() + i * vectors.size(1), tables.defined() ? tables.data_ptr<float>() + (shared ? 0 : i * tables.numel() / count) : nullptr,
                     std::min(tokens, i * each), std::min(tokens, (i + 1) * each));
        });
    }

    Tensor vector() const { return vectors.sum(0); }

    // The gradient of the whole table.
    Tensor table(const Modulation& m, bool both) const {
        if (!tables.defined()) return Tensor();
        const Tensor sum = shared ? tables[0] : tables.sum(0);
        const int64_t width = sum.size(2);
        Tensor all = at::zeros({sum.size(0), m.stride});
        all.narrow(1, m.first, width).copy_(sum.select(1, 0));
        if (both) all.narrow(1, m.second, width).copy_(sum.select(1, 1));
        return all;
    }

   private:
    int64_t tokens, count, each;
    bool shared;
    Tensor vectors, tables;
};

}  // namespace bench
