// Passes over the residual stream: gated residual with normalisation and modulation, and GELU.
#include "sums.h"

namespace bench {

namespace {

Modulation modulation(const float* table, const NormaliseCall& call, int64_t stride, int64_t first, int64_t second) {
    if (!table) return {nullptr, nullptr, 1, 0, 0, 0};
    return {table, call.index, std::max<int64_t>(1, call.tokens / call.rows), stride, first, second};
}

Branch joined(const NormaliseCall& call) { return {call.branch, call.bias, modulation(call.gates, call, call.gates_stride, call.gate, 0)}; }

}  // namespace

}  // namespace bench

using namespace bench;

const char* bench_normalise(const NormaliseCall* call) {
    const auto m = modulation(call->table, *call, call->table_stride, call->shift, call->scale);
    const Branch branch = joined(*call);
    parallel_for(0, call->tokens, grain, [&](int64_t from, int64_t to) {
        kernels().normalise(element(call->type), branch, call->x, call->weight, m, call->stream, call->y, from, to, call->width);
    });
    return nullptr;
}

const char* bench_normalise_back(const NormaliseCall* call) {
    return guarded([&]() -> const char* {
        const auto m = modulation(call->table, *call, call->table_stride, call->shift, call->scale);
        const Branch branch = joined(*call);
        const bool has_rows = call->table || call->gates;
        const Pieces pieces(call->tokens, has_rows ? call->index : nullptr, has_rows ? call->rows : 0, call->width);
        VectorSum gweight(pieces, call->width, call->gweight), gbias(pieces, call->width, call->gbias);
        RowSums gtable(pieces, m, call->rows, 2, call->width, call->gtable),
            ggates(pieces, branch.gates, call->rows, 1, call->width, call->ggates);
        pieces.for_each([&](int64_t piece, int64_t from, int64_t to) {
            auto mine = m;
            auto its = branch;
            mine.gradient = gtable.of(piece);
            its.gates.gradient = ggates.of(piece);
            kernels().normalise_back(element(call->type), its, call->x, call->weight, mine, call->gstream, call->gy, call->gx,
                call->gbranch, gweight.of(piece), gbias.of(piece), from, to, call->width);
        });
        gweight.finish();
        gbias.finish();
        gtable.finish();
        ggates.finish();
        return nullptr;
    });
}

const char* bench_gelu(const GeluCall* call) {
    parallel_for(0, call->tokens, grain / 4,
        [&](int64_t from, int64_t to) { kernels().gelu(element(call->type), call->x, call->bias, call->y, from, to, call->width); });
    return nullptr;
}

const char* bench_gelu_back(const GeluCall* call) {
    return guarded([&]() -> const char* {
        const Pieces pieces(call->tokens, nullptr, 0, call->width);
        VectorSum gbias(pieces, call->width, call->gbias);
        pieces.for_each([&](int64_t piece, int64_t from, int64_t to) {
            kernels().gelu_back(element(call->type), call->x, call->bias, call->gy, call->gx, gbias.of(piece), from, to, call->width);
        });
        gbias.finish();
        return nullptr;
    });
}
