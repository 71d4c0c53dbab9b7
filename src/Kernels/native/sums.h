// Threads, and sums over all tokens. Work is cut into the same pieces whatever the threads, so that no sum depends on their number.
#pragma once

#include <algorithm>
#include <memory>
#include <new>
#include <vector>

#include "bench_kernels.h"
#include "kernels.h"

namespace bench {

constexpr int64_t grain = 64;           // rows that are worth a thread
constexpr int64_t most_pieces = 32;     // of a sum over all rows
constexpr int64_t most_sums = 1 << 21;  // numbers that sums of pieces may take for each part of a row

// Runs the body on parts of [begin, end): in libtorch's threads, or in this one before those are set.
void in_parallel(int64_t begin, int64_t end, int64_t grain, void (*body)(int64_t, int64_t, void*), void* context);

template <typename Body>
void parallel_for(int64_t begin, int64_t end, int64_t grain, const Body& body) {
    if (begin >= end) return;
    in_parallel(
        begin, end, grain, [](int64_t from, int64_t to, void* context) { (*static_cast<const Body*>(context))(from, to); },
        const_cast<Body*>(&body));
}

// Runs the body, turning the one exception that it can throw into text.
template <typename Body>
const char* guarded(const Body& body) {
    try {
        return body();
    } catch (const std::bad_alloc&) {
        return "out of memory";
    }
}

inline Element element(int32_t type) { return static_cast<Element>(type); }

inline int64_t bytes(Element type) { return type == Element::Float32 ? 4 : 2; }

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
        parallel_for(0, count, 1, [&](int64_t from, int64_t to) {
            for (int64_t i = from; i < to; i++) body(i, std::min(tokens, i * each), std::min(tokens, (i + 1) * each));
        });
    }

    int64_t count = most_pieces;
    bool shared;  // whether all pieces may add to the same sums of rows

   private:
    int64_t tokens, each;
};

inline void add(const float* __restrict from, float* __restrict to, int64_t width) {
    for (int64_t i = 0; i < width; i++) to[i] += from[i];
}

// Sums over all tokens of a vector; of nothing where the result is null.
class VectorSum {
   public:
       VectorSum(const Pieces& pieces, int64_t width, float* to)
           : pieces(pieces.count), width(width), to(to), sums(to ? static_cast<size_t>(pieces.count * width) : 0) {}

       float* of(int64_t piece) { return to ? sums.data() + piece * width : nullptr; }

       void finish() const {
           if (!to) return;
           std::fill(to, to + width, 0.0f);
           for (int64_t piece = 0; piece < pieces; piece++) add(sums.data() + piece * width, to, width);
    }

   private:
    int64_t pieces, width;
    float* to;
    std::vector<float> sums;
};

// Sums over all tokens of one or two parts of the modulation's rows, added to the gradient of the whole table; of nothing where that is
// null.
class RowSums {
   public:
       RowSums(const Pieces& pieces, const Modulation& m, int64_t rows, int64_t parts, int64_t width, float* to)
           : shared(pieces.shared), pieces(pieces.count), rows(rows), parts(parts), width(width), m(m), to(to),
             sums(to && !shared ? static_cast<size_t>(pieces.count * rows * parts * width) : 0) {}

       Gradient of(int64_t piece) {
           if (!to) return {};
           if (shared) return {to, m.stride, m.first, m.second};
           return {sums.data() + piece * rows * parts * width, parts * width, 0, width};
    }

    void finish() const {
        if (!to || shared) return;
        for (int64_t piece = 0; piece < pieces; piece++)
            for (int64_t row = 0; row < rows; row++)
                for (int64_t part = 0; part < parts; part++)
                    add(sums.data() + ((piece * rows + row) * parts + part) * width, to + row * m.stride + (part == 0 ? m.first : m.second),
                        width);
    }

   private:
    bool shared;
    int64_t pieces, rows, parts, width;
    Modulation m;
    float* to;
    std::vector<float> sums;
};

}  // namespace bench
