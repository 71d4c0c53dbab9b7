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
constexpr int64_t most_pieces = 32;     // of a sum over all rows
constexpr int64_t most_sums = 1 << 21;  // numbers that sums of pieces may take for each part of a row

inline void require(bool holds, const char* what) {
    if (!holds) throw std::invalid_argument(what);
}

inline Element element(const Tensor& tensor) {
    require(tensor.device().is_cpu() && tensor.is_contiguous(), "a fused operator works on contiguous tensors on the CPU");
    if (tensor.scalar_type() == at::kFloat) return Element::Float32;
    require(tensor.scalar_type() == at::kBFloat16, "a fused operator works in float32 or bfloat16");
    return Element::BFloat16;
}

// How many rows a tensor has, which are its last dimension.
inline int64_t rows_of(const Tensor& tensor) {
    require(tensor.dim() > 0 && tensor.size(-1) > 0, "rows of a fused operator have something in them");
    return tensor.numel() / tensor.size(-1);
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

// Buffers that kernels write have no graph: a derivative of a derivative would be wrong without a word.
inline void require_first_derivative() { require(!at::GradMode::is_enabled(), "a fused operator has no second derivative; BENCH_FUSED=0 computes without them"); }

// The pieces that work on all tokens is cut into.
class Pieces {
   public:
    // For sums over the rows that tokens share by their index, or by runs of tokens; null and 0 rows where they share none.
    Pieces(int64_t tokens, const int64_t* index, int64_t rows, int64_t width) : tokens(tokens) {
        // Pieces that consist of whole rows share none of them.
        shared = rows > 0 && !index && rows >= count / 2;
        if (rows > 0 && !shared) count = std::max<int64_t>(1, std::min(count, most_sums / (rows * width)));
        each = shared ? (rows + count - 1) / count * (tokens / rows) : (tokens + count - 1) / count;
    }

    // The body gets the number of a piece and its tokens.
    template <typename Body>
    void for_each(const Body& body) const {
        at::parallel_for(0, count, 1, [&](int64_t from, int64_t to) {
            for (int64_t i = from; i < to; i++) body(i, std::min(tokens, i * each), std::min(tokens, (i + 1) * each));
        });
    }

    int64_t count = most_pieces;
    bool shared;  // whether all pieces may add to the same sums of rows

   private:
    int64_t tokens, each;
};

// Sums over all tokens of a vector.
class VectorSum {
   public:
    VectorSum(const Pieces& pieces, int64_t width) : sums(at::zeros({pieces.count, width})) {}

    float* of(int64_t piece) { return sums.data_ptr<float>() + piece * sums.size(1); }

    Tensor all() const { return sums.sum(0); }

   private:
    Tensor sums;
};

// Sums over all tokens of parts of the modulation's rows; of nothing where there is no table.
class RowSums {
   public:
    RowSums(const Pieces& pieces, const Tensor& table, int64_t parts, int64_t width) : shared(pieces.shared) {
        if (table.defined()) sums = at::zeros({shared ? 1 : pieces.count, table.size(0), parts, width});
    }

    float* of(int64_t piece) { return sums.defined() ? sums.data_ptr<float>() + (shared ? 0 : piece * sums.stride(0)) : nullptr; }

    // The gradient of the whole table.
    Tensor all(const Modulation& m) const {
        if (!sums.defined()) return Tensor();
        const Tensor sum = shared ? sums[0] : sums.sum(0);
        const int64_t width = sum.size(2);
        Tensor all = at::zeros({sum.size(0), m.stride});
        all.narrow(1, m.first, width).copy_(sum.select(1, 0));
        if (sum.size(1) > 1) all.narrow(1, m.second, width).copy_(sum.select(1, 1));
        return all;
    }

   private:
    Tensor sums;
    bool shared;
};

}  // namespace bench
